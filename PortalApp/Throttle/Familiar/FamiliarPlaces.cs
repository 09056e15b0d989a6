using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Secrets;

namespace PortalApp.Throttle.Familiar;

/// <summary>
/// Where people succeeded before. To be there skips no proof; it keeps a part of what may be tried for that person, so that strangers cannot
/// use up all of it (H14). A name without an account is looked up like any other and is familiar nowhere.
/// </summary>
internal sealed class FamiliarPlaces(IDbContextFactory<PortalDb> databases, PortalKeys keys, Limits limits, TimeProvider clock)
{
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(180);

    /// <param name="browser">The value of <see cref="BrowserCookie"/>.</param>
    public async Task<Familiarity> OfAsync(
        TenantId tenant,
        string subject,
        string browser,
        NetworkPrefix network,
        CancellationToken cancellation
    )
    {
        var byBrowser = BrowserMac(tenant, subject, browser);
        var byNetwork = NetworkMac(tenant, subject, network.Value);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = await db.Set<FamiliarPlace>()
            .Where(p => p.Tenant == tenant && p.Subject == subject && (p.Mac == byBrowser || p.Mac == byNetwork))
            .Select(p => p.Mac)
            .ToListAsync(cancellation);
        return found.Any(byBrowser.SequenceEqual) ? Familiarity.Browser
            : found.Any(byNetwork.SequenceEqual) ? Familiarity.Network
            : Familiarity.Stranger;
    }

    /// <summary>Whether the person ever succeeded anywhere, as far as that is remembered.</summary>
    public static Task<bool> AreThereAsync(PortalDb db, TenantId tenant, string subject, CancellationToken cancellation) =>
        db.Set<FamiliarPlace>().AnyAsync(p => p.Tenant == tenant && p.Subject == subject, cancellation);

    /// <summary>The person succeeded there; within the caller's transaction. The newest places are remembered, the older ones forgotten.</summary>
    /// <param name="browser">Of <see cref="BrowserMac"/>.</param>
    public async Task RememberAsync(
        PortalDb db,
        TenantId tenant,
        string subject,
        byte[] browser,
        NetworkPrefix network,
        CancellationToken cancellation
    )
    {
        var now = clock.GetUtcNow().UtcTicks;
        foreach (var mac in new[] { browser, NetworkMac(tenant, subject, network.Value) })
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "FamiliarPlace" ("Tenant", "Subject", "Mac", "SeenAt") VALUES ({tenant.Value}, {subject}, {mac}, {now})
                ON CONFLICT ("Tenant", "Subject", "Mac") DO UPDATE SET "SeenAt" = {now}
                """,
                cancellation
            );
        }

        await db.Set<FamiliarPlace>()
            .Where(p => p.Tenant == tenant && p.Subject == subject)
            .OrderByDescending(p => p.SeenAt)
            .Skip(limits.FamiliarPlaces)
            .ExecuteDeleteAsync(cancellation);
    }

    /// <summary>The person is a stranger everywhere again; within the caller's transaction.</summary>
    public static Task<int> ForgetAsync(PortalDb db, TenantId tenant, string subject, CancellationToken cancellation) =>
        db.Set<FamiliarPlace>().Where(p => p.Tenant == tenant && p.Subject == subject).ExecuteDeleteAsync(cancellation);

    public byte[] BrowserMac(TenantId tenant, string subject, string browser) => Mac("browser", tenant, subject, browser);

    private byte[] NetworkMac(TenantId tenant, string subject, string network) => Mac("network", tenant, subject, network);

    private byte[] Mac(string kind, TenantId tenant, string subject, string place) =>
        FieldMac.Of(keys.Throttle, kind, tenant.ToString(), subject, place);
}
