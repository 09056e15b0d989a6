using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Agents;
using Portal.DirectorySync;
using PortalApp.Administration.Overview;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Administration;

/// <summary>What an administrator is led to first.</summary>
public sealed class OverviewTests
{
    [Fact]
    public async Task A_tenant_from_nothing_to_a_domain_has_its_first_step_done()
    {
        await using var portal = await PortalHost.StartAsync();
        var bare = (await portal.Services.AddTenantAsync(new("Bare", "+31 201234567", null, null))).Id;
        var begun = await portal.AddTenantAsync("corp.test");

        Assert.Equal(new(false, null, false, false), await portal.WithDbAsync(db => FirstSteps.OfAsync(db, bare, [], default)));
        Assert.Equal(new(true, false, false, false), await portal.WithDbAsync(db => FirstSteps.OfAsync(db, begun, [], default)));
    }

    [Fact]
    public async Task The_list_of_first_steps_stands_until_the_first_reset_and_what_an_agent_told_is_to_be_done()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        Assert.Contains("The way to the first reset", (await admin.Browser.GetAsync("/desk")).Text, StringComparison.Ordinal);

        await portal.WithDbAsync(async db =>
        {
            var agent = await db.Set<EnrolledAgent>().FirstAsync(a => a.Tenant == portal.Tenant.Id);
            db.Add(Told(agent));
            db.Add(
                new AuditEntry
                {
                    Tenant = portal.Tenant.Id,
                    Event = AuditEventId.ResetDone,
                    By = Actor.Portal,
                    At = portal.Clock.GetUtcNow(),
                }
            );
            return await db.SaveChangesAsync();
        });

        var page = (await admin.Browser.GetAsync("/desk")).Text;
        Assert.DoesNotContain("The way to the first reset", page, StringComparison.Ordinal);
        Assert.Contains("312 accounts wait for your decision", page, StringComparison.Ordinal);
        Assert.Contains("One person has a number or address that cannot be read", page, StringComparison.Ordinal);
        Assert.Contains("sanne@corp.test", page, StringComparison.Ordinal);
        Assert.Contains("Sync of corp.test", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_suddenly_for_many_is_one_sentence_with_a_link_to_its_report_and_nothing_where_it_does_not()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        Assert.DoesNotContain("failed within an hour", (await admin.Browser.GetAsync("/desk")).Text, StringComparison.Ordinal);

        await portal.WithDbAsync(db =>
        {
            db.AddRange(
                Enumerable
                    .Range(0, 12)
                    .Select(_ => new AuditEntry
                    {
                        Tenant = portal.Tenant.Id,
                        Event = AuditEventId.ResetFailed,
                        By = Actor.Portal,
                        At = portal.Clock.GetUtcNow(),
                        Reason = "InHistory",
                    })
            );
            return db.SaveChangesAsync();
        });

        var page = await admin.Browser.GetAsync("/desk");
        Assert.Contains("12 resets and changes failed within an hour for one reason: used before", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/desk/reports/resets?why=InHistory\"", page.Html, StringComparison.Ordinal);
    }

    private static AgentSync Told(EnrolledAgent agent) =>
        new()
        {
            AgentId = agent.Id,
            Tenant = agent.Tenant,
            Connector = "corp.test",
            At = DateTimeOffset.UnixEpoch,
            Mark = "mark-1",
            Told = JsonSerializer.Serialize(
                new SyncStanding(
                    "corp.test",
                    DateTimeOffset.UnixEpoch,
                    null,
                    null,
                    1284,
                    new(1, [new("sanne@corp.test", "mobile")]),
                    new(0, []),
                    new("mark-1", 312, 1284, ["noor@corp.test"])
                ),
                WireJson.Options
            ),
        };
}
