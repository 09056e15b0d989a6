using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Audit.Chain;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Audit;

/// <summary>A portal whose audit a test writes, seals, ships and spoils by hand.</summary>
internal sealed class AuditGround(PortalHost portal, TenantId tenant) : IAsyncDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public PortalHost Portal => portal;

    public TenantId Tenant => tenant;

    public static async Task<AuditGround> StartAsync(Action<AuditOptions>? options = null, AuditGround? beside = null)
    {
        var portal = await PortalHost.StartAsync(services => services.Configure(options ?? (_ => { })), beside?.Portal);
        return new(portal, beside?.Tenant ?? await portal.AddTenantAsync("corp.test"));
    }

    public Task WriteAsync(string detail, TenantId? of = null, bool ofNone = false) =>
        portal
            .Services.GetRequiredService<AuditLog>()
            .WriteAsync(
                new(AuditEventId.UserChanged, ofNone ? null : of ?? tenant, Actor.Operator("anna"))
                {
                    Subject = AuditSubject.User("somebody"),
                    Trace = "ABCD-EFGH",
                    Detail = detail,
                },
                Ct
            );

    public async Task WriteManyAsync(int count, string of = "line")
    {
        for (var n = 1; n <= count; n++)
        {
            await WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{of} {n}"));
        }
    }

    public Task SealAsync() => SweepOf<AuditSealer>().SweepAsync(Ct);

    public async Task<IReadOnlyList<AuditFinding>> FindingsAsync(KeptSeal? kept = null, TenantId? of = null) =>
        (await ReportAsync(kept, of ?? tenant)).Findings;

    public Task<AuditReport> ReportAsync(KeptSeal? kept = null, TenantId? of = null) =>
        portal.Services.GetRequiredService<AuditVerification>().VerifyAsync(of ?? tenant, kept, Ct);

    public Task<List<AuditEntry>> EntriesAsync() =>
        portal.WithDbAsync(db => db.Set<AuditEntry>().AsNoTracking().Where(a => a.Tenant == tenant).OrderBy(a => a.Id).ToListAsync());

    public Task<List<AuditSeal>> SealsAsync() =>
        portal.WithDbAsync(db => db.Set<AuditSeal>().AsNoTracking().Where(s => s.Tenant == tenant).OrderBy(s => s.Number).ToListAsync());

    public Task<AuditEntry> EntryAsync(string detail) =>
        portal.WithDbAsync(db => db.Set<AuditEntry>().AsNoTracking().SingleAsync(a => a.Detail == detail));

    public async Task<long> NumberOfAsync(string detail)
    {
        var entry = await EntryAsync(detail);
        return (await SealsAsync()).Single(s => s.Entry == entry.Id).Number;
    }

    /// <summary>As the portal does it each minute, for a tenant whose audit is kept one day.</summary>
    public async Task ForgetOldAsync()
    {
        await portal.WithDbAsync(db =>
            db.Set<Tenant>().Where(t => t.Id == tenant).ExecuteUpdateAsync(set => set.SetProperty(t => t.AuditDays, 1))
        );
        await portal.WithDbAsync(db => portal.Services.GetRequiredService<AuditRetention>().DeleteAsync(db, portal.Clock.GetUtcNow(), Ct));
    }

    public ECDsa Signer() => portal.Services.GetRequiredService<AuditKeys>().NewSigner();

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    private T SweepOf<T>() => portal.Services.GetServices<IHostedService>().OfType<T>().Single();
}
