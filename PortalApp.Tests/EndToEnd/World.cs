using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Tenants;
using PortalApp.Relay;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Writeback;

namespace PortalApp.Tests.EndToEnd;

/// <summary>Everything real at once: a forest, the portal in this process, two tenants with an agent process each, a browser.</summary>
public sealed class World : IAsyncLifetime
{
    public const string HelpdeskPhone = "+31 201234567";
    public const string CloudDomain = "cloud.corp.test";
    private readonly ForestFixture forests = new();
    private readonly BrowserFixture browser = new();
    private int taken;

    internal Forest Forest { get; private set; } = null!;

    internal InProcessPortal Portal { get; private set; } = null!;

    internal AgentProcess Agent { get; private set; } = null!;

    internal AgentProcess OtherAgent { get; private set; } = null!;

    internal TenantId Tenant { get; private set; }

    internal TenantId OtherTenant { get; private set; }

    internal Mailbox Mail { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Forest = await forests.StartedAsync();
        Portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync());
        Mail = new Mailbox(Portal);
        (Tenant, Agent) = await JoinAsync(TenantPlan.Corp);
        (OtherTenant, OtherAgent) = await JoinAsync(TenantPlan.Other);
        await Portal.OperateAsync("domain", "add", CloudDomain, "--tenant", Tenant.ToString(), "--password-management", "CloudOnly");
        await Task.WhenAll(Agent.StartAsync(), OtherAgent.StartAsync());
        await GiveContactsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await OtherAgent.DisposeAsync();
        await Portal.DisposeAsync();
        await forests.DisposeAsync();
        await browser.DisposeAsync();
    }

    /// <summary>Somebody whom no other test touches.</summary>
    internal ForestAccount TakePerson() => ForestPopulation.Staff[8 + Interlocked.Increment(ref taken) - 1];

    internal Task<BrowserTab> OpenAsync(ColorScheme scheme = ColorScheme.Light, int width = 1280) =>
        browser.OpenAsync(Portal.Address, scheme, width);

    /// <summary>Identifies as that person and returns the code that came by mail.</summary>
    internal async Task<string> AskForCodeAsync(Wizard wizard, ForestAccount person)
    {
        var before = (await Mail.ReadAsync(person.AlternateMail)).Count;
        await wizard.IdentifyAsync(person.Upn);
        await wizard.ExpectCodePageAsync();
        await Eventually.TrueAsync(
            async () => (await Mail.ReadAsync(person.AlternateMail)).Count > before,
            TimeSpan.FromSeconds(30),
            $"a mail to {person.AlternateMail}"
        );
        return await Mail.WaitForCodeAsync(person.AlternateMail);
    }

    internal async Task PassGateAsync(Wizard wizard, ForestAccount person) =>
        await wizard.TypeCodeAsync(await AskForCodeAsync(wizard, person));

    /// <summary>Up to the page that asks for the new password.</summary>
    internal async Task ProveAsync(Wizard wizard, ForestAccount person)
    {
        await PassGateAsync(wizard, person);
        await wizard.ExpectPasswordPageAsync();
    }

    /// <summary>A name that nobody has, whose page is the gate page: most are, in the tenant's own shares.</summary>
    internal async Task<string> UnknownNameWithGateAsync()
    {
        for (var number = 1; number < 50; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"nobody{number}@{ForestPopulation.Suffix}");
            await using var tab = await OpenAsync();
            var wizard = new Wizard(tab);
            await wizard.IdentifyAsync(name);
            await Assertions.Expect(wizard.Heading).Not.ToContainTextAsync("Which account", new() { Timeout = 30_000 });
            if (await wizard.Page.GetByLabel("Verification code").CountAsync() == 1)
            {
                return name;
            }
        }

        throw new InvalidOperationException("Of 50 names not one got the gate page.");
    }

    internal IDisposable MoveClock(TimeSpan by)
    {
        Portal.Clock.Offset += by;
        return new Undo(() => Portal.Clock.Offset -= by);
    }

    /// <summary>The portal does its work for that path, but its answers do not leave.</summary>
    internal CallHold HoldAnswer(string path) => Portal.Holds.Hold(path, afterwards: true);

    /// <summary>Calls to that path do not reach the portal's work.</summary>
    internal CallHold HoldCall(string path) => Portal.Holds.Hold(path, afterwards: false);

    internal Task RestartPortalAsync() => Portal.RestartAsync();

    internal async Task StartAgentAsync()
    {
        await Agent.StartAsync();
        await WaitUntilHealthyAsync();
    }

    /// <summary>Another agent of the first tenant, which does not run yet.</summary>
    internal Task<AgentProcess> AddAgentAsync(string name, string connector = AgentStates.Connector) =>
        EnrolAgentAsync(TenantPlan.Corp, Tenant.ToString(), name, connector);

    /// <summary>A health answer is held for five seconds: after it, the next one is asked anew.</summary>
    internal Task WaitUntilDownAsync() => WaitForHealthAsync(answer => answer is HealthAnswer.Down);

    /// <summary>An intent of the first tenant's agent is on disk, and no outcome yet.</summary>
    internal Task WaitForIntentAsync() => WaitForJournalAsync(open: true);

    /// <summary>No intent of the first tenant's agent is without an outcome that the portal has.</summary>
    internal Task RecoveredAsync() => WaitForJournalAsync(open: false);

    /// <summary>An answer that is held may be of an agent that was stopped since: somebody listens, too.</summary>
    internal async Task WaitUntilHealthyAsync()
    {
        await Eventually.TrueAsync(
            () => Portal.Services.GetRequiredService<IRelay>().HasReceiverAsync(Tenant, AgentStates.Connector),
            TimeSpan.FromSeconds(40),
            "an agent at the tenant's relay"
        );
        await WaitForHealthAsync(answer => answer is HealthAnswer.Up);
    }

    private Task WaitForJournalAsync(bool open) =>
        Eventually.TrueAsync(
            () =>
            {
                using var journal = new SqliteConnection(
                    $"Data Source={Path.Combine(Agent.DataDirectory, "journal.db")};Mode=ReadOnly;Pooling=False"
                );
                journal.Open();
                using var command = journal.CreateCommand();
                command.CommandText = "SELECT COUNT(*) FROM request WHERE intended_at IS NOT NULL AND reported = 0";
                return (long)command.ExecuteScalar()! > 0 == open;
            },
            TimeSpan.FromSeconds(90),
            open ? "an intent in the journal" : "the journal's intents to be reported"
        );

    private Task WaitForHealthAsync(Func<HealthAnswer, bool> condition) =>
        Eventually.TrueAsync(
            async () =>
                condition(
                    await Portal
                        .Services.GetRequiredService<WritebackHealth>()
                        .AskAsync(Tenant, AgentStates.Connector, CancellationToken.None)
                ),
            TimeSpan.FromSeconds(40),
            "the tenant's health to change"
        );

    private async Task<(TenantId Tenant, AgentProcess Agent)> JoinAsync(TenantPlan plan)
    {
        var number = await Portal.OperateAsync(
            "tenant",
            "add",
            plan.Name,
            "--helpdesk-phone",
            HelpdeskPhone,
            "--helpdesk-email",
            "help@corp.example"
        );
        await Portal.OperateAsync("domain", "add", plan.Domain, "--tenant", number, "--password-management", "Federated");
        return (new TenantId(int.Parse(number, CultureInfo.InvariantCulture)), await EnrolAgentAsync(plan, number, plan.Name));
    }

    private async Task<AgentProcess> EnrolAgentAsync(TenantPlan plan, string tenant, string name, string connector = AgentStates.Connector)
    {
        var agent = new AgentProcess(Path.Combine(Portal.Folder, "agents", name), Path.Combine(Portal.Folder, $"{name}.log"));
        await agent.ConfigureAsync(
            new AgentSetup(Portal.Address, Forest)
            {
                Connector = connector,
                BindName = plan.BindName,
                Scopes = [plan.ScopeDn],
                SyncSeconds = 30,
                SetsPerMinute = 6000,
                SetsPerAccountPerHour = 500,
            }
        );
        await agent.EnrolAsync(Portal.Address, await Portal.OperateAsync("agent", "code", "--tenant", tenant));
        return agent;
    }

    private async Task GiveContactsAsync()
    {
        var people = TenantPlan.Corp.People.Concat(TenantPlan.Other.People).Where(p => p != ForestPopulation.NoContact);
        var file = Path.Combine(Portal.Folder, "alternate-addresses.csv");
        await File.WriteAllLinesAsync(file, people.Select(p => $"{p.Upn},{p.AlternateMail}"));
        await Portal.OperateAsync("user", "import", file);
    }

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
