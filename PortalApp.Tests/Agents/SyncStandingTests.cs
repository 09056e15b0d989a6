using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.DirectorySync;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Agents;

/// <summary>What agents tell of their synchronisation, and an administrator's word for a drop that waits.</summary>
public class SyncStandingTests
{
    private static readonly Actor Anna = Actor.Operator("anna");
    private static readonly HeldDrop Drop = new("mark-1", 312, 1284, ["noor@corp.test"]);

    [Fact]
    public async Task What_was_told_last_is_kept_and_a_drop_waits_until_it_is_let_go()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var standings = portal.Services.GetRequiredService<SyncStandings>();

        Assert.Null((await TellAsync(agent, Standing(null))).Answer!.Released);
        Assert.Null((await TellAsync(agent, Standing(Drop))).Answer!.Released);
        var told = Assert.Single(await standings.ListAsync(tenant, default));
        Assert.True(told.Waits);
        Assert.Equal(("sanne@corp.test", "mobile"), (told.Read()!.Unreadable.First[0].Name, told.Read()!.Unreadable.First[0].What));

        Assert.True(await standings.ReleaseAsync(tenant, agent.Id, "corp.test", "mark-1", Anna, default));
        Assert.False(await standings.ReleaseAsync(tenant, agent.Id, "corp.test", "mark-1", Anna, default));
        Assert.Equal("mark-1", (await TellAsync(agent, Standing(Drop))).Answer!.Released);
        var audited = Assert.Single(await portal.AuditAsync(AuditEventId.DropReleased));
        Assert.Equal((Anna, agent.Id), (audited.By, audited.Subject));
        Assert.Contains("312 of 1284", audited.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_word_is_for_those_who_were_shown_and_for_no_other_drop()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var standings = portal.Services.GetRequiredService<SyncStandings>();
        await TellAsync(agent, Standing(Drop));
        await standings.ReleaseAsync(tenant, agent.Id, "corp.test", "mark-1", Anna, default);

        Assert.Null((await TellAsync(agent, Standing(Drop with { Mark = "mark-2" }))).Answer!.Released);

        Assert.True(Assert.Single(await standings.ListAsync(tenant, default)).Waits);
        Assert.False(await standings.ReleaseAsync(tenant, agent.Id, "corp.test", "mark-1", Anna, default));
    }

    [Fact]
    [Trait("Case", "H29")]
    [Trait("Case", "H104")]
    public async Task Nobody_of_another_tenant_lets_go_or_is_listed()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, other) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        var agent = await portal.EnrolAsync(tenant);
        var standings = portal.Services.GetRequiredService<SyncStandings>();
        await TellAsync(agent, Standing(Drop));

        Assert.False(await standings.ReleaseAsync(other, agent.Id, "corp.test", "mark-1", Anna, default));
        Assert.Empty(await standings.ListAsync(other, default));
        await portal.RevokeAsync(agent.Id);
        Assert.Empty(await standings.ListAsync(tenant, default));
    }

    [Fact]
    public async Task More_names_or_longer_ones_than_are_shown_are_refused()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var many = Enumerable.Repeat(new NamedAccount("a@corp.test", "mobile"), SyncStanding.MostNamed + 1).ToList();

        var statuses = new[]
        {
            (await TellAsync(agent, Standing(null) with { Unreadable = new(many.Count, many) })).Status,
            (await TellAsync(agent, Standing(Drop with { Who = [new string('x', SyncStanding.MaxText + 1)] }))).Status,
            (await TellAsync(agent, Standing(null) with { Connector = "" })).Status,
        };

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.BadRequest, status));
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<AgentSync>().CountAsync()));
    }

    [Fact]
    public async Task An_agent_is_called_as_its_tenants_administrator_says_and_no_other_tenants()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, other) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        var agent = await portal.EnrolAsync(tenant);
        var store = portal.Services.GetRequiredService<AgentStore>();
        var databases = portal.Services.GetRequiredService<IDbContextFactory<PortalApp.Data.PortalDb>>();
        Task<ChangeOutcome<EnrolledAgent>> RenameAsync(Portal.Tenants.TenantId of, string name) =>
            databases.ChangeAsync(db => store.RenameAsync(db, of, agent.Id, name, Anna, default), default);

        Assert.IsType<ChangeOutcome<EnrolledAgent>.NotThere>(await RenameAsync(other, "theirs"));
        Assert.IsType<ChangeOutcome<EnrolledAgent>.Wrong>(await RenameAsync(tenant, " "));
        Assert.IsType<ChangeOutcome<EnrolledAgent>.Done>(await RenameAsync(tenant, " agent-ams-01 "));

        Assert.Equal("agent-ams-01", Assert.Single(await portal.AgentsOfAsync(tenant)).Name);
    }

    private static Task<(HttpStatusCode Status, SyncStandingAnswer? Answer)> TellAsync(TestAgent agent, SyncStanding standing) =>
        agent.CallAsync<SyncStandingAnswer>(AgentApi.SyncStanding, standing);

    private static SyncStanding Standing(HeldDrop? held) =>
        new(
            "corp.test",
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch,
            null,
            1284,
            new(1, [new("sanne@corp.test", "mobile")]),
            new(0, []),
            held
        );
}
