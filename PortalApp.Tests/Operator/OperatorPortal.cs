using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Operator;

/// <summary>A data folder with one tenant, and the operator's commands on it: in this process, or as the processes that they are.</summary>
public sealed class OperatorPortal : IAsyncLifetime
{
    private readonly string folder = Repository.NewFolder("operator");
    private readonly Dictionary<string, string> settings;

    public OperatorPortal() =>
        settings = new()
        {
            ["Portal:Origin"] = "https://localhost:8443",
            ["Portal:DataDirectory"] = Path.Combine(folder, "data"),
            ["Mail:Outbox"] = Path.Combine(folder, "outbox"),
            ["Mail:From"] = "no-reply@portal.example",
            ["SUDO_USER"] = "anna",
        };

    public string Tenant { get; private set; } = "";

    internal string Folder => folder;

    public async ValueTask InitializeAsync()
    {
        Tenant = (await RunAsync("tenant", "add", "Corp", "--helpdesk-phone", "+31 201234567")).Output.Trim();
        await RunAsync("domain", "add", "corp.test", "--tenant", Tenant, "--password-management", "Federated");
        await RunAsync("domain", "add", "cloud.test", "--tenant", Tenant, "--password-management", "CloudOnly");
        await RunAsync("user", "add", "anna@cloud.test");
    }

    public ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    internal Task<CommandOutcome> RunAsync(params string[] arguments) => OperatorRun.RunAsync(arguments, Settings);

    private string[] Settings =>
        ["--environment=Development", "--applicationName=PortalApp", .. settings.Select(s => $"--{s.Key}={s.Value}")];

    /// <summary>As a portal writes it down, which opens the tenant's key once a minute.</summary>
    internal async Task OpenKeyAsync(string tenant, int times)
    {
        await using var portal = PortalProgram.Build(Settings, serves: false);
        var id = new TenantId(int.Parse(tenant, CultureInfo.InvariantCulture));
        for (var n = 0; n < times; n++)
        {
            await portal
                .Services.GetRequiredService<AuditLog>()
                .WriteAsync(new(AuditEventId.TenantKeyOpened, id, Actor.Portal), TestContext.Current.CancellationToken);
        }
    }

    internal Task<CommandOutcome> RunProcessAsync(params string[] arguments) => RunProcessWithAsync(null, arguments);

    /// <param name="credentials">A folder of secrets, as systemd hands it to a service.</param>
    internal Task<CommandOutcome> RunProcessWithAsync(string? credentials, params string[] arguments) =>
        Command.RunAsync(
            "dotnet",
            [Repository.Program("PortalApp"), .. arguments],
            new Dictionary<string, string>(
                settings.Select(s => KeyValuePair.Create(s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value))
            )
            {
                ["DOTNET_ENVIRONMENT"] = "Development",
                // Whatever the operator's shell says of the log, the answer stays alone on stdout.
                ["Logging__LogLevel__Default"] = "Information",
                ["CREDENTIALS_DIRECTORY"] = credentials ?? "",
            },
            cancellation: TestContext.Current.CancellationToken
        );

    /// <summary>All that the lists show of users and tenants.</summary>
    internal async Task<string> StateAsync() =>
        (await RunAsync("tenant", "list")).Output + (await RunAsync("user", "list", "--tenant", Tenant)).Output;
}
