using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Agents;
using Portal.Contacts;
using Portal.DirectorySync;
using Portal.Tenants;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Reports;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;

namespace PortalApp.Tests.Reports;

/// <summary>What the reports say of people as they are today, at both databases.</summary>
public class PeopleReportTests
{
    private const string Connector = "corp";

    [Fact]
    public async Task Whoever_is_limited_stands_there_and_nobody_below_gone_unknown_or_of_another_tenant()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, other) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        var ground = new ReportGround(portal.Services, tenant, portal.Clock.GetUtcNow());
        var before = new ReportGround(portal.Services, tenant, portal.Clock.GetUtcNow().AddHours(-1));
        await ground.LimitedAsync(await IdAsync(portal, tenant, "anna@corp.test"), total: 100, ofStrangers: 0);
        await before.LimitedAsync(await IdAsync(portal, tenant, "bram@corp.test"), total: 80, ofStrangers: 80);
        await ground.LimitedAsync(await IdAsync(portal, tenant, "cleo@corp.test"), total: 99, ofStrangers: 79);
        await ground.LimitedAsync(await IdAsync(portal, tenant, "dirk@corp.test", isGone: true), total: 100, ofStrangers: 100);
        await ground.LimitedAsync("nobody", total: 100, ofStrangers: 100);
        await ground.LimitedAsync(await IdAsync(portal, other, "eva@other.test"), total: 100, ofStrangers: 100, of: other);
        await ground.HappenedAsync(AuditEventId.GateLocked, null, null, daysAgo: 0);

        var shown = await ground.ShownAsync("locked");

        Assert.Equal((2, 2L, 1L), ((int)Assert.Single(shown.Lead.Values), shown.Total, shown.Chart!.Bars[^1].Counts[0]));
        Assert.Equal(
            ["anna@corp.test|LimitedEverywhere|100", "bram@corp.test|LimitedToStrangers|80"],
            (await ground.RowsAsync("locked", RowWindow.All)).Select(row => string.Join('|', row.Split('|')[1..4]))
        );
        Assert.Equal("bram@corp.test", Assert.Single(await ground.RowsAsync("locked", new(1, 1))).Split('|')[1]);
    }

    [Fact]
    public async Task Whom_nothing_reaches_is_listed_first_and_whoever_lacks_one_field_when_asked()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, other) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        var ground = new ReportGround(portal.Services, tenant, portal.Clock.GetUtcNow());
        await IdAsync(
            portal,
            tenant,
            "anna@corp.test",
            contacts: [(ContactField.MobilePhone, "+31 612345678"), (ContactField.AlternateEmailAddresses, "a@a.example")]
        );
        await IdAsync(portal, tenant, "bram@corp.test", contacts: [(ContactField.PhoneNumber, "+31 201234567")]);
        await IdAsync(portal, tenant, "cleo@corp.test");
        await IdAsync(portal, tenant, "dirk@corp.test", isGone: true);
        await IdAsync(portal, other, "eva@other.test");
        await ToldAsync(portal, tenant, held: null);
        await ground.HappenedAsync(AuditEventId.SyncObjectRefused, null, null, daysAgo: 0);
        await ground.HappenedAsync(AuditEventId.NumberNotServed, null, null, daysAgo: 0);

        var shown = await ground.ShownAsync("contacts");

        Assert.Equal([1, 3], shown.Lead.Values);
        Assert.Equal(
            "ChoiceNoContact|1|0.3333\nChoiceNoEmail|2|0.6667\nChoiceNoMobile|2|0.6667\nChoiceNoOffice|2|0.6667\nUnreadable|1|0.3333",
            ReportGround.Lines(shown.Tables[0])
        );
        Assert.Equal([1L, 1L], shown.Chart!.Bars[^1].Counts);
        Assert.Equal(
            ["cleo@corp.test|", "anna@corp.test|MobilePhone AlternateEmailAddresses", "bram@corp.test|PhoneNumber"],
            await ListedAsync(choice: null)
        );
        Assert.Equal(["cleo@corp.test|"], await ListedAsync("NoContact"));
        Assert.Equal(["cleo@corp.test|", "bram@corp.test|PhoneNumber"], await ListedAsync("NoMobile"));
        Assert.Equal(["cleo@corp.test|", "anna@corp.test|MobilePhone AlternateEmailAddresses"], await ListedAsync("NoOffice"));

        async Task<IEnumerable<string>> ListedAsync(string? choice) =>
            (await ground.RowsAsync("contacts", RowWindow.All, choice)).Select(row => string.Join('|', row.Split('|')[1..]));
    }

    [Fact]
    public async Task A_directory_tells_what_it_could_not_read_and_what_waits_until_somebody_let_it_go()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var ground = new ReportGround(portal.Services, tenant, portal.Clock.GetUtcNow());
        await ToldAsync(portal, tenant, held: new("mark-1", 312, 1284, ["noor@corp.test"]));
        await ground.HappenedAsync(AuditEventId.SyncObjectRefused, null, null, daysAgo: 3, about: "noor@corp.test", detail: "taken twice");

        var shown = await ground.ShownAsync("sync");

        Assert.Equal([1, 1], shown.Lead.Values);
        Assert.StartsWith($"{Connector}|1|312|", ReportGround.Lines(shown.Tables[0]), StringComparison.Ordinal);
        Assert.Equal(1, shown.Chart!.Bars[^4].Counts[0]);
        Assert.StartsWith(
            "noor@corp.test|taken twice|",
            Assert.Single(await ground.RowsAsync("sync", RowWindow.All)),
            StringComparison.Ordinal
        );

        await portal.WithDbAsync(db => db.Set<AgentSync>().ExecuteUpdateAsync(set => set.SetProperty(s => s.Released, "mark-1")));
        shown = await ground.ShownAsync("sync");
        Assert.Equal([1, 0], shown.Lead.Values);
        Assert.StartsWith($"{Connector}|1|0|", ReportGround.Lines(shown.Tables[0]), StringComparison.Ordinal);
    }

    private static async Task<string> IdAsync(
        PortalHost portal,
        TenantId tenant,
        string name,
        bool isGone = false,
        params (ContactField Field, string Value)[] contacts
    )
    {
        var now = portal.Clock.GetUtcNow();
        var id = (await portal.AddUserAsync(tenant, Connector, name)).Id;
        await portal.WithDbAsync(async db =>
        {
            var user = await db.Set<User>().Include(u => u.Contacts).SingleAsync(u => u.Id == id);
            user.GoneAt = isGone ? now : null;
            foreach (var (field, value) in contacts)
            {
                Assert.Null(ContactStore.Write(user, field, [value], ContactSource.Administrator, TenantSetup.By, now));
            }

            return await db.SaveChangesAsync();
        });
        return id;
    }

    private static Task<int> ToldAsync(PortalHost portal, TenantId tenant, HeldDrop? held) =>
        portal.WithDbAsync(db =>
        {
            var now = portal.Clock.GetUtcNow();
            EnrolledAgent agent = new()
            {
                Id = "agent-1",
                Tenant = tenant,
                Name = "Agent 1",
                RelaySecretHash = [],
                EnrolledAt = now,
            };
            SyncStanding told = new(Connector, now, null, null, 1284, new(1, [new("sanne@corp.test", "mobile")]), new(0, []), held);
            db.Add(agent);
            db.Add(
                new AgentSync
                {
                    AgentId = agent.Id,
                    Tenant = tenant,
                    Connector = Connector,
                    At = now,
                    Mark = held?.Mark,
                    Told = JsonSerializer.Serialize(told, WireJson.Options),
                }
            );
            return db.SaveChangesAsync();
        });
}

[OnPostgreSql]
public sealed class PeopleReportTestsOnPostgreSql : PeopleReportTests;
