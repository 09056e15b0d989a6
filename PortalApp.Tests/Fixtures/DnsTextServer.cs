using System.Collections.Concurrent;
using System.Net;
using ARSoft.Tools.Net.Dns;

namespace PortalApp.Tests.Fixtures;

/// <summary>A DNS server on loopback that knows the TXT records which a test writes.</summary>
internal sealed class DnsTextServer : IAsyncDisposable
{
    private readonly DnsServer server;
    private readonly ConcurrentDictionary<string, string> texts = new(StringComparer.OrdinalIgnoreCase);

    public DnsTextServer()
    {
        Address = new(IPAddress.Loopback, Loopback.FreePort());
        server = new(new UdpServerTransport(Address));
        server.QueryReceived += AnswerAsync;
        server.Start();
    }

    public IPEndPoint Address { get; }

    /// <summary>For the portal that asks it.</summary>
    public Dictionary<string, string?> Settings => new() { ["Outbound:DnsServer"] = Address.ToString() };

    public void Write(string name, string text) => texts[name] = text;

    public ValueTask DisposeAsync()
    {
        server.Stop();
        ((IDisposable)server).Dispose();
        return ValueTask.CompletedTask;
    }

    private Task AnswerAsync(object sender, QueryReceivedEventArgs asked)
    {
        if (asked.Query is DnsMessage { Questions: [{ } question] } query)
        {
            var answer = query.CreateResponseInstance();
            answer.ReturnCode = ReturnCode.NxDomain;
            if (texts.TryGetValue(question.Name.ToString().TrimEnd('.'), out var text))
            {
                answer.ReturnCode = ReturnCode.NoError;
                answer.AnswerRecords.Add(new TxtRecord(question.Name, 60, text));
            }

            asked.Response = answer;
        }

        return Task.CompletedTask;
    }
}
