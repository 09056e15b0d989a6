using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Audit.Chain;
using PortalApp.Policy;
using PortalApp.Secrets;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Portals;
using Outcome = PortalApp.Audit.ChangeOutcome<PortalApp.Tenants.Tenant>;

namespace PortalApp.Tests.Tenants;

public class TenantStoreTests
{
    private static readonly TenantChange Corp = new("Corp", "+31 201234567", null, null);
    private static readonly Actor Olga = Actor.Operator("olga");
    private static readonly Actor Otto = Actor.Operator("otto");

    [Fact]
    public async Task A_new_tenant_has_its_key_and_its_policy_from_its_first_moment_or_is_not_there()
    {
        await using var portal = await PortalHost.StartAsync();

        await portal.Services.ChangeAsync<int>(async db =>
        {
            Assert.IsType<Outcome.Done>(await Store(portal).AddAsync(db, Corp, Olga, default));
            return new ChangeOutcome<int>.NotThere();
        });
        Assert.Equal((0, 0, 0, 0), await CountsAsync(portal));

        await portal.Services.AddTenantAsync(Corp);
        Assert.Equal((1, 1, 1, 2), await CountsAsync(portal));
    }

    [Fact]
    public async Task Whoever_changes_a_tenant_that_another_changed_meanwhile_is_told_by_whom_and_when()
    {
        await using var portal = await PortalHost.StartAsync();
        var corp = await portal.Services.AddTenantAsync(Corp);
        portal.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<Outcome.Done>(await SetAsync(portal, corp.Id, new(null, null, null, ResetEnabled: false), Otto, corp.Revision));
        var late = await SetAsync(portal, corp.Id, new("Changed", null, null, null), Olga, corp.Revision);

        Assert.Equal(new Outcome.ChangedMeanwhile(Otto, portal.Clock.GetUtcNow()), late);
        var now = await Store(portal).FindAsync(corp.Id, default);
        Assert.Equal(("Corp", false, Otto), (now!.Name, now.ResetEnabled, now.ChangedBy));
    }

    [Fact]
    public async Task The_audit_goes_after_the_days_that_its_tenant_says_and_no_other_tenants()
    {
        await using var portal = await PortalHost.StartAsync();
        var corp = await portal.Services.AddTenantAsync(Corp);
        var other = await portal.Services.AddTenantAsync(Corp with { Name = "Other" });
        Assert.IsType<Outcome.Wrong>(await SetAsync(portal, corp.Id, Days(TenantChangeValidator.LeastAuditDays - 1), Olga, seen: null));
        Assert.IsType<Outcome.Done>(await SetAsync(portal, corp.Id, Days(TenantChangeValidator.LeastAuditDays), Olga, seen: null));
        await portal
            .Services.GetServices<IHostedService>()
            .OfType<AuditSealer>()
            .Single()
            .SweepAsync(TestContext.Current.CancellationToken);
        var retention = portal.Services.GetRequiredService<AuditRetention>();
        var young = portal.Clock.GetUtcNow() + TimeSpan.FromDays(TenantChangeValidator.LeastAuditDays - 1);

        Assert.Equal(0, await portal.WithDbAsync(db => retention.DeleteAsync(db, young, default)));
        Assert.NotEqual(0, await portal.WithDbAsync(db => retention.DeleteAsync(db, young + TimeSpan.FromDays(2), default)));

        var left = await portal.WithDbAsync(db => db.Set<AuditEntry>().Where(e => e.Event == AuditEventId.TenantChanged).ToListAsync());
        Assert.Equal(other.Id, Assert.Single(left).Tenant);

        static TenantChange Days(int days) => new(null, null, null, null, AuditDays: days);
    }

    [Fact]
    public async Task Every_wrong_value_is_told_by_its_field_and_none_is_set()
    {
        await using var portal = await PortalHost.StartAsync();
        var corp = await portal.Services.AddTenantAsync(Corp);

        var wrong = await SetAsync(portal, corp.Id, new("two\nlines", "0201234567", "nobody", ResetEnabled: false), Olga, seen: null);

        Assert.Equal(["Name", "HelpdeskPhone", "HelpdeskEmail"], Assert.IsType<Outcome.Wrong>(wrong).Errors.Select(e => e.Field));
        Assert.True((await Store(portal).FindAsync(corp.Id, default))!.ResetEnabled);
        Assert.IsType<Outcome.NotThere>(await SetAsync(portal, new(corp.Id.Value + 1), new("Other", null, null, null), Olga, seen: null));
    }

    [Fact]
    public async Task Of_two_tenants_that_are_added_by_one_name_at_once_one_is_refused_by_its_name()
    {
        await using var portal = await PortalHost.StartAsync();

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => Task.Run(() => portal.Services.ChangeAsync(db => Store(portal).AddAsync(db, Corp, Olga, default))))
        );

        Assert.Single(outcomes.OfType<Outcome.Done>());
        Assert.All(outcomes.OfType<Outcome.Wrong>(), wrong => Assert.Equal("Name", Assert.Single(wrong.Errors).Field));
        Assert.Equal(3, outcomes.OfType<Outcome.Wrong>().Count());
    }

    private static TenantStore Store(PortalHost portal) => portal.Services.GetRequiredService<TenantStore>();

    private static Task<Outcome> SetAsync(PortalHost portal, TenantId id, TenantChange change, Actor by, long? seen) =>
        portal.Services.ChangeAsync(db => Store(portal).SetAsync(db, id, change, by, seen, default));

    private static Task<(int Tenants, int Keys, int Policies, int Audited)> CountsAsync(PortalHost portal) =>
        portal.WithDbAsync(async db =>
            (
                await db.Set<Tenant>().CountAsync(),
                await db.Set<WrappedTenantKey>().CountAsync(),
                await db.Set<PolicyVersion>().CountAsync(),
                await db.Set<AuditEntry>().CountAsync()
            )
        );
}
