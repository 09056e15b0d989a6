using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Agents;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Tests.EndToEnd;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Users;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.Administration;

/// <summary>An agent's life at the desk, with a real one beside a real forest.</summary>
public sealed class AgentDeskTests(ForestFixture forests, BrowserFixture browser)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Soon = new() { Timeout = 60_000 };

    /// <summary>Nobody is added to them by other tests, so that one of them is half of all.</summary>
    private static readonly string[] Offices = ["Utrecht", "Finance"];

    [Fact]
    [Trait("Case", "H99")]
    public async Task An_agent_is_enrolled_by_the_screens_command_its_drop_let_go_and_itself_revoked_under_way()
    {
        var forest = await forests.StartedAsync();
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync());
        var tenant = await portal.OperateAsync("tenant", "add", "Corp", "--helpdesk-phone", "+31 201234567");
        await portal.OperateAsync("domain", "add", ForestPopulation.Suffix, "--tenant", tenant, "--password-management", "Federated");
        await using var tab = await browser.OpenAsync(portal.Address);
        await portal.SeatAsync(tab, tenant, Role.Administrator);
        await using var agent = new AgentProcess(Path.Combine(portal.Folder, "agent"), Path.Combine(portal.Folder, "agent.log"));
        await agent.ConfigureAsync(new AgentSetup(portal.Address, forest) { Scopes = [.. Offices.Select(OuOf)], SyncSeconds = 5 });

        await EnrolAsync(tab, agent);
        await DropAsync(portal, tab, agent);
        await RevokeAsync(portal, tab);
    }

    private static async Task EnrolAsync(BrowserTab tab, AgentProcess agent)
    {
        var page = tab.Page;
        await page.GotoAsync("/desk/agents");
        await tab.LookAsync("desk-agents-none");
        await page.GetByLabel("What it is for").FillAsync("corp.test in Utrecht");
        await page.GetByRole(AriaRole.Button, new() { Name = "New code" }).ClickAsync();
        var command = await page.Locator(".command code").InnerTextAsync();
        string[] typed = [.. command.Split(' ').Skip(1).SkipLast(1), agent.DataDirectory];
        var enrolled = await agent.RunAsync(typed, TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (enrolled.ExitCode, string.Concat(enrolled.Error.Where(_ => enrolled.ExitCode != 0))));
        await Expect(page.GetByText("used the code; its fingerprint is")).ToBeVisibleAsync(Soon);

        await agent.LaunchAsync();
        await Expect(page.GetByText("It is ready: a sealed question went there and came back.")).ToBeVisibleAsync(Soon);
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "corp.test in Utrecht" })).ToContainTextAsync("used by");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What each link of the way answered" })).ToBeVisibleAsync(Soon);
        await Expect(page.GetByText("No answer")).ToHaveCountAsync(0);
        await tab.LookAsync("desk-agents");
    }

    /// <summary>An office is no longer among the agent's scopes.</summary>
    private static async Task DropAsync(InProcessPortal portal, BrowserTab tab, AgentProcess agent)
    {
        var page = tab.Page;
        var (gone, stays) = (ForestPopulation.User2.Upn, ForestPopulation.User3.Upn);
        Assert.Equal([gone, stays], await ThereAsync(portal, stays, gone));
        await agent.Process!.StopAsync(TimeSpan.FromSeconds(10));
        var directory = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(agent.DataDirectory, "agent.json")))![
            "directory"
        ]!.AsObject();
        directory["scopes"] = new JsonArray(OuOf("Finance"));
        await agent.WriteAsync("directory", directory.DeepClone());
        await agent.LaunchAsync();

        await Eventually.TrueAsync(
            async () =>
            {
                await page.GotoAsync("/desk/agents");
                return await page.GetByText("are not found any more and wait for your decision").CountAsync() > 0;
            },
            TimeSpan.FromSeconds(60),
            "the drop to be told"
        );
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true })).ToBeEnabledAsync();
        await page.GetByText("Who they are").ClickAsync();
        await Expect(page.GetByText(gone)).ToBeVisibleAsync();
        await tab.LookAsync("desk-agents-drop");
        Assert.Equal([gone, stays], await ThereAsync(portal, stays, gone));

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Let \\d+ go…") }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Let \\d+ go now") }).ClickAsync();
        await Expect(page.GetByText("were let go; the agent hears of it within seconds")).ToBeVisibleAsync(Soon);
        await Eventually.TrueAsync(
            async () => (await ThereAsync(portal, stays, gone)).SequenceEqual([stays]),
            TimeSpan.FromSeconds(60),
            "those of the office to be gone"
        );
        await using var db = await portal.OpenDatabaseAsync();
        Assert.Equal(ActorKind.User, (await db.Set<AuditEntry>().SingleAsync(e => e.Event == AuditEventId.DropReleased)).By.Kind);
    }

    private static async Task RevokeAsync(InProcessPortal portal, BrowserTab tab)
    {
        var page = tab.Page;
        await page.GotoAsync("/desk/agents");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true })).ToBeEnabledAsync();
        await page.GetByRole(AriaRole.Table, new() { Name = "Agents" }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "It answers and is ready" })).ToBeVisibleAsync(Soon);
        await tab.LookAsync("desk-agent");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync("<b>agent</b>-ams-01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("<b>agent</b>-ams-01");

        var person = ForestPopulation.Staff[10];
        await portal.OperateAsync("user", "set", person.Upn, "--alternate-email", person.AlternateMail);
        await using var second = await tab.OpenSecondAsync();
        var wizard = new Wizard(second);
        await wizard.IdentifyAsync(person.Upn);
        await wizard.ExpectCodePageAsync();
        await wizard.TypeCodeAsync(await new Mailbox(portal).WaitForCodeAsync(person.AlternateMail));
        await wizard.ExpectPasswordPageAsync();
        var claim = portal.Holds.Hold(AgentApi.Claim, afterwards: false);
        await wizard.TypePasswordAsync("Seven herons 41 east");
        await claim.ReachedAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke <b>agent</b>-ams-01" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke <b>agent</b>-ams-01 now" }).ClickAsync();
        await Expect(page.GetByText("<b>agent</b>-ams-01 is revoked.")).ToBeVisibleAsync();
        claim.Dispose();

        await Eventually.TrueAsync(
            async () =>
                (await File.ReadAllTextAsync(Path.Combine(portal.Folder, "agent.log"))).Contains("/agent/claim", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            "the agent's claim to be refused"
        );
        await using var db = await portal.OpenDatabaseAsync();
        Assert.Equal(0, await db.Set<AuditEntry>().CountAsync(e => e.Event == AuditEventId.ResetDone));
        Assert.NotNull((await db.Set<EnrolledAgent>().SingleAsync()).RevokedAt);
    }

    private static async Task<string[]> ThereAsync(InProcessPortal portal, params string[] names)
    {
        await using var db = await portal.OpenDatabaseAsync();
        return await db.Set<User>()
            .Where(u => u.GoneAt == null && names.Contains(u.UserPrincipalName))
            .OrderBy(u => u.UserPrincipalName)
            .Select(u => u.UserPrincipalName)
            .ToArrayAsync();
    }

    private static string OuOf(string office) => $"OU={office},{Forest.StaffDn}";
}
