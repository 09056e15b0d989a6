using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.EndToEnd;

/// <summary>Portal and agents as processes: the portal dies by the kernel's hand, in the middle of the last step.</summary>
public sealed class PortalKilledTests(ForestFixture forests, BrowserFixture browser)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Case", "H83")]
    public async Task A_portal_killed_while_a_password_is_being_set_tells_the_truth_when_it_is_back()
    {
        const string password = "Killed-In-Between-8";
        var person = ForestPopulation.Other[^1];
        var forest = await forests.StartedAsync();
        await using var system = await LiveSystem.StartAsync(forest, await forests.CertificatesAsync(), cancellation: Ct);
        await using var tab = await browser.OpenAsync(system.Portal.Address);
        var wizard = new Wizard(tab);
        await wizard.IdentifyAsync(person.Upn);
        await wizard.ExpectCodePageAsync();
        await wizard.TypeCodeAsync(await system.Portal.WaitForCodeAsync(person.AlternateMail, cancellation: Ct));
        await wizard.ExpectPasswordPageAsync();
        var before = forest.Admin.WriteCount(person.Dn);

        await wizard.TypePasswordAsync(password);
        await Eventually.TrueAsync(() => HasIntent(system.OtherAgent.DataDirectory), TimeSpan.FromSeconds(30), "the agent's intent", Ct);
        await system.Portal.Process!.KillAsync();
        await system.Portal.StartAsync(Ct);
        await wizard.ReloadIfCutOffAsync();
        // The agent finds the portal again in its own time.
        await Assertions
            .Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }))
            .ToContainTextAsync("has been reset", new() { Timeout = 120_000 });

        await wizard.ExpectDoneAsync();
        Assert.Equal(before + 1, forest.Admin.WriteCount(person.Dn));
        Assert.True(forest.Admin.Bind(person.Upn, password).Accepted);
    }

    private static bool HasIntent(string folder)
    {
        using var journal = new SqliteConnection($"Data Source={Path.Combine(folder, "journal.db")};Mode=ReadOnly;Pooling=False");
        journal.Open();
        using var command = journal.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM request WHERE intended_at IS NOT NULL";
        return (long)command.ExecuteScalar()! > 0;
    }
}
