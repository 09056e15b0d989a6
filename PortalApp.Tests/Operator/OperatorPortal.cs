using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Operator;

/// <summary>A data folder with one tenant, and the operator's commands on it as the processes that they are.</summary>
public sealed class OperatorPortal : IAsyncLifetime
{
    private readonly string folder = Repository.NewFolder("operator");
    private readonly Dictionary<string, string> environment;

    public OperatorPortal() =>
        environment = new()
        {
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["Portal__Origin"] = "https://localhost:8443",
            ["Portal__DataDirectory"] = Path.Combine(folder, "data"),
            ["Mail__Outbox"] = Path.Combine(folder, "outbox"),
            ["Mail__From"] = "no-reply@portal.example",
            // Whatever the operator's shell says of the log, the answer stays alone on stdout.
            ["Logging__LogLevel__Default"] = "Information",
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
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    internal Task<CommandOutcome> RunAsync(params string[] arguments) => RunWithAsync(null, arguments);

    /// <param name="credentials">A folder of secrets, as systemd hands it to a service.</param>
    internal Task<CommandOutcome> RunWithAsync(string? credentials, params string[] arguments) =>
        Command.RunAsync(
            "dotnet",
            [Repository.Program("PortalApp"), .. arguments],
            new Dictionary<string, string>(environment) { ["CREDENTIALS_DIRECTORY"] = credentials ?? "" },
            cancellation: TestContext.Current.CancellationToken
        );

    /// <summary>All that the lists show of users and tenants.</summary>
    internal async Task<string> StateAsync() =>
        (await RunAsync("tenant", "list")).Output + (await RunAsync("user", "list", "--tenant", Tenant)).Output;
}
