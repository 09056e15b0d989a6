using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Administration.Overview;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Administration;

/// <summary>When failures are so many at once that it is likely not the person's account, at both databases.</summary>
public class SpikeTests
{
    private const string Network = "198.51.100.0/24";

    [Fact]
    public async Task Ten_failures_within_the_hour_for_one_reason_are_told_and_nine_older_ones_or_those_of_others_are_not()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, other) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        await FailedAsync(portal, tenant, 9, TimeSpan.Zero, "InHistory", null);
        await FailedAsync(portal, tenant, 10, TimeSpan.FromMinutes(61), "TooYoung", null);
        await FailedAsync(portal, tenant, 10, TimeSpan.Zero, "None", null, AuditEventId.ResetDone);
        await FailedAsync(portal, other, 10, TimeSpan.Zero, "InHistory", null);

        Assert.Empty(await SpikesAsync(portal, tenant));

        await FailedAsync(portal, tenant, 1, TimeSpan.FromMinutes(59), "InHistory", null, AuditEventId.ChangeUnknown);
        Assert.Equal([new(SpikeKind.Reason, "InHistory", 10)], await SpikesAsync(portal, tenant));
    }

    [Fact]
    public async Task Ten_from_one_network_are_told_until_an_hour_usually_has_more_than_a_fifth_of_them()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        foreach (var n in Enumerable.Range(0, 10))
        {
            await FailedAsync(portal, tenant, 1, TimeSpan.Zero, $"Reason{n}", Network);
        }

        await FailedAsync(portal, tenant, 2 * 7 * 24, TimeSpan.FromDays(3), "Before", Network);
        await FailedAsync(portal, tenant, 10, TimeSpan.FromDays(8), "LongAgo", Network);
        Assert.Equal([new(SpikeKind.Network, Network, 10)], await SpikesAsync(portal, tenant));

        await FailedAsync(portal, tenant, 1, TimeSpan.FromDays(3), "Before", Network);
        Assert.Empty(await SpikesAsync(portal, tenant));
    }

    [Fact]
    public async Task Ten_that_one_agent_did_not_bring_to_an_end_are_told_of_it()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        await AskedAsync("agent-1", 5, RequestOutcome.NotAttempted);
        await AskedAsync("agent-1", 5, RequestOutcome.Unknown);
        await AskedAsync("agent-1", 5, RequestOutcome.Rejected);
        await AskedAsync("agent-2", 10, RequestOutcome.Applied);
        await AskedAsync("agent-2", 9, RequestOutcome.Unknown);

        Assert.Equal([new(SpikeKind.Agent, "agent-1", 10)], await SpikesAsync(portal, tenant));

        Task AskedAsync(string agent, int times, RequestOutcome outcome) =>
            portal.WithDbAsync(db =>
            {
                var now = portal.Clock.GetUtcNow();
                db.AddRange(
                    Enumerable
                        .Range(0, times)
                        .Select(n => new Request
                        {
                            Id = $"{agent}-{outcome}-{n}",
                            Tenant = tenant,
                            Kind = RequestKind.Reset,
                            Connector = "corp",
                            Issued = now,
                            Deadline = now,
                            GrantedTo = agent,
                            Outcome = outcome,
                        })
                );
                return db.SaveChangesAsync();
            });
    }

    private static Task<IReadOnlyList<Spike>> SpikesAsync(PortalHost portal, TenantId tenant) =>
        portal.Services.GetRequiredService<Spikes>().OfAsync(tenant, default);

    private static Task<int> FailedAsync(
        PortalHost portal,
        TenantId tenant,
        int times,
        TimeSpan ago,
        string reason,
        string? network,
        AuditEventId happened = AuditEventId.ResetFailed
    ) =>
        portal.WithDbAsync(db =>
        {
            db.AddRange(
                Enumerable
                    .Range(0, times)
                    .Select(_ => new AuditEntry
                    {
                        At = portal.Clock.GetUtcNow() - ago,
                        Tenant = tenant,
                        Event = happened,
                        By = Actor.Portal,
                        Reason = reason,
                        Network = network,
                    })
            );
            return db.SaveChangesAsync();
        });
}

[OnPostgreSql]
public sealed class SpikeTestsOnPostgreSql : SpikeTests;
