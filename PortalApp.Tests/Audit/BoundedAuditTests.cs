using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Audit;

public sealed class BoundedAuditTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_network_has_its_share_of_an_hours_events_and_the_rest_is_one_line_at_the_hours_end()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");

        await WriteAsync(portal, tenant, "203.0.113.0/24", times: 432);
        await WriteAsync(portal, tenant, "198.51.100.0/24", times: 1);

        Assert.Equal(BoundedAudit.MostOfNetwork + 1, (await portal.AuditAsync(AuditEventId.ResetRefused)).Count);
        portal.Clock.Skip(TimeSpan.FromHours(1));
        await portal.Services.GetRequiredService<BoundedAudit>().SweepAsync(Ct);
        await Eventually.TrueAsync(
            async () => (await portal.AuditAsync(AuditEventId.ResetRefused)).Count == BoundedAudit.MostOfNetwork + 2,
            TimeSpan.FromSeconds(10),
            "the line of the rest"
        );
        var rest = (await portal.AuditAsync(AuditEventId.ResetRefused))[^1];
        Assert.Equal(("203.0.113.0/24", "and 412 more like it within an hour"), (rest.Network, rest.Detail));
        await WriteAsync(portal, tenant, "203.0.113.0/24", times: 1);
        Assert.Equal(BoundedAudit.MostOfNetwork + 3, (await portal.AuditAsync(AuditEventId.ResetRefused)).Count);
    }

    [Fact]
    public async Task All_networks_together_have_a_tenants_share()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, other) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        for (var network = 0; network < 40; network++)
        {
            await WriteAsync(portal, tenant, $"198.51.{network}.0/24", BoundedAudit.MostOfNetwork);
        }

        await WriteAsync(portal, other, "198.51.0.0/24", times: 1);

        Assert.Equal(BoundedAudit.MostOfTenant + 1, (await portal.AuditAsync(AuditEventId.ResetRefused)).Count);
    }

    private static async Task WriteAsync(PortalHost portal, TenantId tenant, string network, int times)
    {
        var audit = portal.Services.GetRequiredService<BoundedAudit>();
        for (var n = 0; n < times; n++)
        {
            await audit.WriteAsync(new(AuditEventId.ResetRefused, tenant, Actor.Visitor) { Network = network }, Ct);
        }
    }
}
