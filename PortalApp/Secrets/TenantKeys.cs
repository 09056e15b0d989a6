using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Secrets;

/// <summary>The tenants' symmetric writeback keys (M16b): wrapped in the database, each opening audited, held open for a minute.</summary>
internal sealed class TenantKeys(IDbContextFactory<PortalDb> databases, MasterKey master, AuditLog audit, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan HeldOpen = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim opening = new(1, 1);
    private readonly ConcurrentDictionary<TenantId, (DateTimeOffset Until, IReadOnlyList<TenantKey> Keys)> open = [];

    /// <summary>Those that are valid now, newest first. All who ask at once wait for one opening.</summary>
    public async Task<IReadOnlyList<TenantKey>> OpenAsync(TenantId tenant, CancellationToken cancellation)
    {
        if (Held(tenant) is { } held)
        {
            return held;
        }

        await opening.WaitAsync(cancellation);
        try
        {
            return Held(tenant) ?? await ReadAsync(tenant, cancellation);
        }
        finally
        {
            opening.Release();
        }
    }

    /// <summary>The generations of those that are valid now, newest first; opens none.</summary>
    public async Task<IReadOnlyList<int>> GenerationsAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await Valid(db, tenant, clock.GetUtcNow()).Select(k => k.Generation).ToListAsync(cancellation);
    }

    public void Dispose() => opening.Dispose();

    private static IQueryable<WrappedTenantKey> Valid(PortalDb db, TenantId tenant, DateTimeOffset now) =>
        db.Set<WrappedTenantKey>()
            .AsNoTracking()
            .Where(k => k.Tenant == tenant && k.NotBefore <= now && (k.NotAfter == null || k.NotAfter > now))
            .OrderByDescending(k => k.Generation);

    private IReadOnlyList<TenantKey>? Held(TenantId tenant) =>
        open.TryGetValue(tenant, out var held) && held.Until > clock.GetUtcNow() ? held.Keys : null;

    private async Task<IReadOnlyList<TenantKey>> ReadAsync(TenantId tenant, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await Valid(db, tenant, now).ToListAsync(cancellation);
        IReadOnlyList<TenantKey> keys =
        [
            .. rows.Select(r => new TenantKey(r.Generation, master.Unwrap(Purpose(tenant, r.Generation), r.KeyNumber, r.Wrapped))),
        ];
        await audit.WriteAsync(new(AuditEventId.TenantKeyOpened, tenant, Actor.Portal), cancellation);
        open[tenant] = (now + HeldOpen, keys);
        return keys;
    }

    /// <summary>Generation 1, when a tenant is added.</summary>
    public void Create(PortalDb db, TenantId tenant)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        db.Add(
            new WrappedTenantKey
            {
                Tenant = tenant,
                Generation = 1,
                Wrapped = master.Wrap(Purpose(tenant, 1), key),
                KeyNumber = master.Number,
                NotBefore = clock.GetUtcNow(),
            }
        );
        CryptographicOperations.ZeroMemory(key);
    }

    private static string Purpose(TenantId tenant, int generation) => $"tenant-key:{tenant}:{generation}";
}
