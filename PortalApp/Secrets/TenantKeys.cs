using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Relay;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Secrets;

/// <summary>The tenants' symmetric writeback keys (M16b): wrapped in the database, each opening audited, held open for a minute.</summary>
internal sealed class TenantKeys(IDbContextFactory<PortalDb> databases, MasterKey master, AuditLog audit, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan HeldOpen = TimeSpan.FromMinutes(1);

    /// <summary>How long the key before is still given to agents, and opens what is on its way.</summary>
    public static readonly TimeSpan OldIsValid = TimeSpan.FromMinutes(10);
    private readonly SemaphoreSlim opening = new(1, 1);
    private readonly ConcurrentDictionary<TenantId, (DateTimeOffset Until, IReadOnlyList<OpenKey> Keys)> open = [];

    /// <summary>Those that are valid now, newest first. All who ask at once wait for one opening.</summary>
    /// <param name="newest">A generation that must be among them, though it came after the others were opened.</param>
    public async Task<IReadOnlyList<TenantKey>> OpenAsync(TenantId tenant, CancellationToken cancellation, int newest = 1) =>
        [.. (await HoldAsync(tenant, newest, cancellation)).Select(held => held.Key)];

    /// <summary>
    /// The newest that all of a request's recipients hold. While some do not yet, the one before it goes on, until what it sealed could outlive
    /// it; then the newest, whoever holds it.
    /// </summary>
    public async Task<TenantKey> SealingAsync(TenantId tenant, IReadOnlyCollection<int> heldByAll, CancellationToken cancellation)
    {
        var held = await HoldAsync(tenant, 1, cancellation);
        var latest = clock.GetUtcNow() + RelayLimits.LongestTtl;
        return (held.FirstOrDefault(k => heldByAll.Contains(k.Key.Generation) && (k.Until is null || k.Until > latest)) ?? held[0]).Key;
    }

    private async Task<IReadOnlyList<OpenKey>> HoldAsync(TenantId tenant, int newest, CancellationToken cancellation)
    {
        if (Held(tenant, newest) is { } held)
        {
            return held;
        }

        await opening.WaitAsync(cancellation);
        try
        {
            return Held(tenant, newest) ?? await ReadAsync(tenant, cancellation);
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

    /// <summary>Generation 1, when a tenant is added.</summary>
    public void Create(PortalDb db, TenantId tenant) => Add(db, tenant, 1);

    /// <summary>The next generation: agents get it by their next hello. The one before ends after <see cref="OldIsValid"/>.</summary>
    public async Task<ChangeOutcome<int>> RotateAsync(PortalDb db, TenantId tenant, Actor by, CancellationToken cancellation)
    {
        var keys = await db.Set<WrappedTenantKey>().Where(k => k.Tenant == tenant).OrderBy(k => k.Generation).ToListAsync(cancellation);
        if (keys.Count == 0)
        {
            return new ChangeOutcome<int>.NotThere();
        }

        var now = clock.GetUtcNow();
        if (keys.Any(k => k.NotAfter > now))
        {
            return new ChangeOutcome<int>.Wrong("", Fault.KeyTooSoon, $"{keys.Max(k => k.NotAfter):O}");
        }

        keys[^1].NotAfter = now + OldIsValid;
        var next = keys[^1].Generation + 1;
        Add(db, tenant, next);
        audit.Add(
            db,
            new(AuditEventId.KeyRotated, tenant, by)
            {
                Subject = AuditSubject.Tenant(tenant),
                Detail = $"writeback key {next} made by {by}",
            }
        );
        return new ChangeOutcome<int>.Done(next);
    }

    public void Dispose() => opening.Dispose();

    private static IQueryable<WrappedTenantKey> Valid(PortalDb db, TenantId tenant, DateTimeOffset now) =>
        db.Set<WrappedTenantKey>()
            .AsNoTracking()
            .Where(k => k.Tenant == tenant && k.NotBefore <= now && (k.NotAfter == null || k.NotAfter > now))
            .OrderByDescending(k => k.Generation);

    private IReadOnlyList<OpenKey>? Held(TenantId tenant, int newest) =>
        open.TryGetValue(tenant, out var held) && held.Until > clock.GetUtcNow() && held.Keys[0].Key.Generation >= newest
            ? held.Keys
            : null;

    private async Task<IReadOnlyList<OpenKey>> ReadAsync(TenantId tenant, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await Valid(db, tenant, now).ToListAsync(cancellation);
        IReadOnlyList<OpenKey> keys =
        [
            .. rows.Select(r => new OpenKey(
                new TenantKey(r.Generation, master.Unwrap(PurposeOf(tenant, r.Generation), r.KeyNumber, r.Wrapped)),
                r.NotAfter
            )),
        ];
        await audit.WriteAsync(new(AuditEventId.TenantKeyOpened, tenant, Actor.Portal), cancellation);
        open[tenant] = (now + HeldOpen, keys);
        return keys;
    }

    private void Add(PortalDb db, TenantId tenant, int generation)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var (wrapped, number) = master.Wrap(PurposeOf(tenant, generation), key);
        CryptographicOperations.ZeroMemory(key);
        db.Add(
            new WrappedTenantKey
            {
                Tenant = tenant,
                Generation = generation,
                Wrapped = wrapped,
                KeyNumber = number,
                NotBefore = clock.GetUtcNow(),
            }
        );
    }

    internal static string PurposeOf(TenantId tenant, int generation) => $"tenant-key:{tenant}:{generation}";

    private sealed record OpenKey(TenantKey Key, DateTimeOffset? Until);
}
