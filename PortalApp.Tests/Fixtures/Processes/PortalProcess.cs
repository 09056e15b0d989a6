using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Fixtures.Processes;

/// <summary>The portal as its own process on one loopback port, with its data in a folder, and the operator's commands on the same data.</summary>
internal sealed partial class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private readonly string folder;
    private readonly Dictionary<string, string?> settings;
    private readonly DotnetProgram program;
    private readonly HttpClient client;

    /// <param name="folder">Gets <c>data</c>, <c>outbox</c> and the certificate; nothing else lives there.</param>
    /// <param name="connectionFile">Of its database on PostgreSQL; null for SQLite.</param>
    /// <param name="more">Settings beside the usual.</param>
    public PortalProcess(
        string folder,
        string logFile,
        int port,
        TestCertificates certificates,
        string? connectionFile = null,
        IReadOnlyDictionary<string, string?>? more = null
    )
    {
        Origin = new($"https://localhost:{port}");
        DataDirectory = Path.Combine(folder, "data");
        OutboxFolder = Path.Combine(folder, "outbox");
        var tls = certificates.Issue(Path.Combine(folder, "tls"), "portal", ["localhost"], [IPAddress.Loopback, IPAddress.IPv6Loopback]);
        this.folder = folder;
        settings = new Dictionary<string, string?>(more ?? new Dictionary<string, string?>())
        {
            ["Portal:Origin"] = Address,
            ["Portal:DataDirectory"] = DataDirectory,
            ["Mail:Outbox"] = OutboxFolder,
            ["Mail:From"] = "no-reply@portal.example",
            ["Urls"] = Address,
            ["Kestrel:Certificates:Default:Path"] = tls.CertificateFile,
            ["Kestrel:Certificates:Default:KeyPath"] = tls.KeyFile,
        };
        if (connectionFile is not null)
        {
            settings["Portal:Database"] = "PostgreSql";
            settings["Portal:ConnectionStringFile"] = connectionFile;
        }

        program = new("PortalApp", logFile, EnvironmentOf(settings));
        client = certificates.CreateClient(Origin);
    }

    public Uri Origin { get; }

    /// <summary>The origin without a trailing slash.</summary>
    public string Address => Origin.GetLeftPart(UriPartial.Authority);

    public string DataDirectory { get; }

    public string OutboxFolder { get; }

    public string LogFile => program.LogFile;

    public ChildProcess? Process => program.Process;

    public double ResidentMebibytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{Process!.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        }
    }

    public Task<ChildProcess> LaunchAsync() => program.LaunchAsync();

    public async Task StartAsync(CancellationToken cancellation = default)
    {
        await LaunchAsync();
        await WaitUntilServingAsync(cancellation);
    }

    public Task WaitUntilServingAsync(CancellationToken cancellation = default) =>
        program.WaitAsync(() => AnswersAsync(cancellation), StartDeadline, $"the portal on {Address}", cancellation);

    /// <summary>One of the operator's commands on the portal's data, in this process: a process for each takes seconds of the machine.</summary>
    /// <returns>What it printed, trimmed.</returns>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0.</exception>
    public async Task<string> OperateAsync(string[] arguments, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var outcome = await OperatorRun.RunAsync(arguments, RunningPortal.ArgumentsOf(folder, settings));
        return outcome.ExitCode == 0
            ? outcome.Output.Trim()
            : throw new InvalidOperationException(
                $"{string.Join(' ', arguments.Take(2))} ended with {outcome.ExitCode}: {outcome.LastWords}"
            );
    }

    /// <summary>What no command does, by the portal's own services on its data, in this process.</summary>
    public async Task<T> WithServicesAsync<T>(Func<IServiceProvider, Task<T>> work, CancellationToken cancellation = default)
    {
        await using var app = PortalProgram.Build(
            RunningPortal.ArgumentsOf(folder, settings),
            builder => builder.Logging.ClearProviders(),
            serves: false
        );
        await PortalProgram.PrepareAsync(app.Services, cancellation);
        return await work(app.Services);
    }

    /// <returns>The tenant's number.</returns>
    public async Task<int> AddTenantAsync(
        string name,
        string helpdeskPhone,
        string helpdeskMail,
        CancellationToken cancellation = default
    ) =>
        int.Parse(
            await OperateAsync(["tenant", "add", name, "--helpdesk-phone", helpdeskPhone, "--helpdesk-email", helpdeskMail], cancellation),
            CultureInfo.InvariantCulture
        );

    public Task AddDomainAsync(
        string domain,
        int tenant,
        string passwordManagement = "Federated",
        CancellationToken cancellation = default
    ) => OperateAsync(["domain", "add", domain, "--tenant", Text(tenant), "--password-management", passwordManagement], cancellation);

    /// <summary>A person whose password lives in the portal.</summary>
    public Task AddUserAsync(string upn, CancellationToken cancellation = default) => OperateAsync(["user", "add", upn], cancellation);

    public Task SetAlternateMailAsync(string upn, string mail, CancellationToken cancellation = default) =>
        OperateAsync(["user", "set", upn, "--alternate-email", mail], cancellation);

    /// <summary>Nothing that somebody registers waits before a reset takes it.</summary>
    public Task CountRegistrationsAtOnceAsync(int tenant, CancellationToken cancellation = default) =>
        OperateAsync(["tenant", "set", "--tenant", Text(tenant), "--registration-wait", "0"], cancellation);

    /// <returns>The link by which they set up how they sign in.</returns>
    public async Task<Uri> InviteAsync(string name, int tenant, string role, CancellationToken cancellation = default) =>
        new(await OperateAsync(["admin", "invite", name, "--tenant", Text(tenant), "--role", role], cancellation));

    public Task<string> NewAgentCodeAsync(int tenant, CancellationToken cancellation = default) =>
        OperateAsync(["agent", "code", "--tenant", Text(tenant)], cancellation);

    /// <summary>Gives each account its alternate address by one command.</summary>
    public async Task ImportAlternateMailsAsync(IEnumerable<ForestAccount> accounts, CancellationToken cancellation = default)
    {
        var file = Path.Combine(DataDirectory, "..", "alternate-addresses.csv");
        await File.WriteAllLinesAsync(file, accounts.Select(a => $"{a.Upn},{a.AlternateMail}"), cancellation);
        await OperateAsync(["user", "import", Path.GetFullPath(file)], cancellation);
    }

    public async Task<IReadOnlyList<string>> ListUsersAsync(int tenant, CancellationToken cancellation = default)
    {
        var lines = await OperateAsync(["user", "list", "--tenant", Text(tenant)], cancellation);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split([' ', '\t'])[0])];
    }

    /// <summary>What the portal sent, oldest first.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> ReadOutboxAsync(CancellationToken cancellation = default) =>
        [
            .. (await client.GetFromJsonAsync<OutboxMessage[]>("/outbox/feed", JsonSerializerOptions.Web, cancellation) ?? []).OrderBy(m =>
                m.SentAt
            ),
        ];

    /// <summary>The newest code to that address, when more than <paramref name="seen"/> mails with a code lie there.</summary>
    public async Task<string> WaitForCodeAsync(string to, int seen = 0, CancellationToken cancellation = default)
    {
        string[] codes = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var mails = (await ReadOutboxAsync(cancellation)).Where(m => m.To == to);
                codes = [.. mails.Select(m => EightDigits().Match(m.Text)).Where(m => m.Success).Select(m => m.Value)];
                return codes.Length > seen;
            },
            TimeSpan.FromSeconds(30),
            $"a code to {to}",
            cancellation
        );
        return codes[^1];
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await program.DisposeAsync();
    }

    [GeneratedRegex(@"(?<!\d)\d{8}(?!\d)")]
    private static partial Regex EightDigits();

    private static Dictionary<string, string> EnvironmentOf(IReadOnlyDictionary<string, string?> settings) =>
        new(settings.Select(s => KeyValuePair.Create(s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value ?? "")))
        {
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
        };

    private static string Text(int tenant) => tenant.ToString(CultureInfo.InvariantCulture);

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/sign-in", UriKind.Relative), cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <summary>One entry of the portal's outbox feed.</summary>
internal sealed record OutboxMessage(string Channel, string To, string? Subject, string Text, DateTimeOffset SentAt, string? Html = null);
