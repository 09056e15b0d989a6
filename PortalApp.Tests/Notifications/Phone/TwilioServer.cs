using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Notifications.Phone;

/// <summary>A server on loopback that takes texts and calls in Twilio's form, and answers as a test tells it; any other POST like a gateway.</summary>
internal sealed class TwilioServer : IAsyncDisposable
{
    public const string Account = "AC0123456789abcdef0123456789abcdef";
    public const string Token = "the-account's-token";
    private readonly string folder = Directory.CreateTempSubdirectory("twilio").FullName;
    private WebApplication server = null!;

    public ConcurrentQueue<PhoneCall> Taken { get; } = [];

    /// <summary>Null drops the connection once the message was taken, as where an answer is lost.</summary>
    public Func<PhoneCall, (int Status, string Body)?> Answer { get; set; } =
        _ => (201, """{"sid":"SM1","status":"queued","error_code":null}""");

    /// <summary>Seconds, beside an answer that says no.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>What was taken and is never answered.</summary>
    public Func<PhoneCall, bool> Hangs { get; set; } = _ => false;

    public string Address { get; private set; } = "";

    public string Authority { get; private set; } = "";

    public static (int, string) No(int status, int code) => (status, $$"""{"code":{{code}},"message":"No.","status":{{status}}}""");

    public static async Task<TwilioServer> StartAsync()
    {
        var made = new TwilioServer();
        using var certificates = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"));
        made.Authority = certificates.AuthorityFile;
        var files = certificates.Issue(made.folder, "server", ["localhost"], [IPAddress.Loopback]);
        await File.WriteAllTextAsync(Path.Combine(made.folder, "token"), Token + "\n");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                on => on.UseHttps(X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile))
            )
        );
        made.server = builder.Build();
        made.server.Run(made.TakeAsync);
        await made.server.StartAsync();
        made.Address = $"https://localhost:{new Uri(made.server.Urls.Single()).Port}";
        return made;
    }

    /// <summary>By which a portal knows it.</summary>
    /// <param name="name">First or Second.</param>
    public Dictionary<string, string?> Settings(string name = "First", params (string Key, string Value)[] more) =>
        new(more.Select(m => KeyValuePair.Create($"Phone:{name}:{m.Key}", (string?)m.Value)))
        {
            [$"Phone:{name}:Kind"] = "Twilio",
            [$"Phone:{name}:Address"] = Address,
            [$"Phone:{name}:Account"] = Account,
            [$"Phone:{name}:SecretFile"] = Path.Combine(folder, "token"),
            [$"Phone:{name}:From"] = "+3197010250000",
            ["Outbound:Ca"] = Authority,
            ["Outbound:Allowed:0"] = "localhost",
        };

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var taken = new PhoneCall(
            http.Request.Path,
            await reader.ReadToEndAsync(http.RequestAborted),
            http.Request.Headers.ToDictionary(h => h.Key, h => $"{h.Value}")
        );
        Taken.Enqueue(taken);
        if (Hangs(taken))
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        if (Answer(taken) is not { } answer)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = answer.Status;
        http.Response.Headers.RetryAfter = answer.Status >= 400 ? RetryAfter : null;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.Body, http.RequestAborted);
    }
}

/// <summary>A request that arrived.</summary>
internal sealed record PhoneCall(string Path, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public bool IsCall => Path.EndsWith("/Calls.json", StringComparison.Ordinal);

    /// <summary>Of a form.</summary>
    public string? this[string field] =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Body).TryGetValue(field, out var value) ? value.ToString() : null;
}
