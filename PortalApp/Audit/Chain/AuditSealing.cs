using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Audit.Chain;

/// <summary>Takes what was committed into the chains. Whoever writes an entry waits for none of it.</summary>
internal sealed class AuditSealing(IDbContextFactory<PortalDb> databases, AuditLease lease, AuditKeys keys, TimeProvider clock)
{
    /// <summary>Of one transaction.</summary>
    public const int AtOnce = 500;

    /// <summary>An entry may be committed after one with a later id; after so long none is any more.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);
    private DateTimeOffset advanced;

    /// <summary>The id of what this portal sealed last. Only once a minute does it look for what was committed late, below it.</summary>
    private long recent;

    private bool LooksBack => clock.GetUtcNow() - advanced >= Rest;

    /// <returns>How many were sealed; there may be more where it is <see cref="AtOnce"/>.</returns>
    public async Task<int> SealAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var looksBack = LooksBack;
        var through = await ThroughAsync(db, looksBack, cancellation);
        if (!await UnsealedOf(db, through).AnyAsync(cancellation))
        {
            return 0;
        }

        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        if (!await lease.TakeAsync(db, cancellation))
        {
            return 0;
        }

        through = await ThroughAsync(db, looksBack, cancellation);
        var entries = await UnsealedOf(db, through).OrderBy(a => a.Id).Take(AtOnce).ToListAsync(cancellation);
        await SealAsync(db, entries, cancellation);
        await db.SaveChangesAsync(cancellation);
        if (looksBack && entries.Count < AtOnce)
        {
            await AdvanceAsync(db, through, cancellation);
        }

        await all.CommitAsync(cancellation);
        recent = entries.Select(entry => entry.Id).Append(recent).Max();
        return entries.Count;
    }

    private async Task<long> ThroughAsync(PortalDb db, bool looksBack, CancellationToken cancellation)
    {
        var through = await ProgressOf(db).Select(p => p.SealedThrough).SingleAsync(cancellation);
        return looksBack ? through : Math.Max(through, recent);
    }

    private static IQueryable<AuditProgress> ProgressOf(PortalDb db) =>
        db.Set<AuditProgress>().AsNoTracking().Where(p => p.Id == AuditProgress.TheOne);

    private static IQueryable<AuditEntry> UnsealedOf(PortalDb db, long through) =>
        db.Set<AuditEntry>().AsNoTracking().Where(a => a.Id > through && !db.Set<AuditSeal>().Any(s => s.Entry == a.Id));

    private async Task SealAsync(PortalDb db, IReadOnlyList<AuditEntry> entries, CancellationToken cancellation)
    {
        using var mac = keys.NewMac();
        var position = await db.Set<AuditSeal>().MaxAsync(s => (long?)s.Position, cancellation) ?? 0;
        var tips = new Dictionary<int, AuditSeal?>();
        foreach (var entry in entries)
        {
            var chain = entry.Tenant?.Value ?? 0;
            if (!tips.TryGetValue(chain, out var tip))
            {
                tip = await db.Set<AuditSeal>()
                    .AsNoTracking()
                    .Where(s => s.Tenant == entry.Tenant)
                    .OrderByDescending(s => s.Number)
                    .FirstOrDefaultAsync(cancellation);
            }

            var number = (tip?.Number ?? 0) + 1;
            db.Add(
                tips[chain] = new()
                {
                    Position = ++position,
                    Tenant = entry.Tenant,
                    Number = number,
                    Entry = entry.Id,
                    Mac = mac.Of(tip?.Mac ?? SealMac.Beginning, number, entry),
                }
            );
        }
    }

    /// <summary>So that the next look need not begin so far back.</summary>
    private async Task AdvanceAsync(PortalDb db, long through, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        advanced = now;
        var before = now - Settled;
        var settled = await db.Set<AuditEntry>().Where(a => a.Id > through && a.At < before).MaxAsync(a => (long?)a.Id, cancellation);
        if (settled is { } to)
        {
            await ProgressOf(db).ExecuteUpdateAsync(set => set.SetProperty(p => p.SealedThrough, to), cancellation);
        }
    }
}
