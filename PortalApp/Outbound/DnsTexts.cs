using DnsClient;
using Microsoft.Extensions.Options;

namespace PortalApp.Outbound;

/// <summary>What the DNS says at a name. Closed: the cases below.</summary>
internal abstract record DnsReading
{
    private DnsReading() { }

    /// <param name="All">Of each TXT record the whole text; empty where there is none.</param>
    public sealed record Texts(IReadOnlyList<string> All) : DnsReading;

    /// <summary>No resolver answered, or none could.</summary>
    public sealed record NoAnswer : DnsReading;
}

/// <summary>Reads TXT records, asked for anew each time.</summary>
internal sealed class DnsTexts(IOptions<OutboundOptions> options)
{
    private const int MostRecords = 100;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);
    private readonly Lazy<LookupClient> client = new(() => new(Options(options.Value)));

    public async Task<DnsReading> ReadAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var answer = await client.Value.QueryAsync(name, QueryType.TXT, cancellationToken: cancellation);
            return answer.Header.ResponseCode is DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain
                ? new DnsReading.Texts([.. answer.Answers.TxtRecords().Take(MostRecords).Select(record => string.Concat(record.Text))])
                : new DnsReading.NoAnswer();
        }
        catch (DnsResponseException)
        {
            return new DnsReading.NoAnswer();
        }
    }

    private static LookupClientOptions Options(OutboundOptions options) =>
        new(options.DnsEndpoint is { } server ? [new NameServer(server)] : [.. NameServer.ResolveNameServers()])
        {
            Timeout = Longest,
            Retries = 1,
            UseCache = false,
            ThrowDnsErrors = false,
        };
}
