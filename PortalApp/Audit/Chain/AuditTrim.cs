using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Audit.Chain;

/// <summary>
/// Deletes what a chain holds from before a moment, and first says so in the chain: what is gone below that number is no gap. The newest seal of
/// what is gone stays, for the next one is held to it. What is not sealed, or not shipped where it is to be, stays whole.
/// </summary>
internal sealed class AuditTrim(AuditLog audit, IOptions<AuditOptions> options)
{
    /// <returns>How many entries were deleted; there may be more where it is <see cref="Retention.AtOnce"/>.</returns>
    public async Task<int> TrimAsync(PortalDb db, TenantId chain, DateTimeOffset before, CancellationToken cancellation)
    {
        var shipped = options.Value.Syslog.IsOn
            ? await db.Set<AuditProgress>().Select(p => p.ShippedThrough).SingleAsync(cancellation)
            : long.MaxValue;
        var last = await (
            from s in db.Set<AuditSeal>()
            join e in db.Set<AuditEntry>() on s.Entry equals e.Id
            where s.Tenant == chain && s.Position <= shipped && e.At < before
            select (long?)s.Number
        ).MaxAsync(cancellation);
        if (last is not { } to)
        {
            return 0;
        }

        await SayAsync(db, chain, to, cancellation);
        var old = db.Set<AuditSeal>().Where(s => s.Tenant == chain && s.Number <= to);
        var ids = await (from s in old join e in db.Set<AuditEntry>() on s.Entry equals e.Id orderby s.Number select e.Id)
            .Take(Retention.AtOnce)
            .ToListAsync(cancellation);
        var deleted = await db.Set<AuditEntry>().Where(a => ids.Contains(a.Id)).ExecuteDeleteAsync(cancellation);
        if (ids.Count < Retention.AtOnce)
        {
            await old.Where(s => s.Number < to).ExecuteDeleteAsync(cancellation);
        }

        return deleted;
    }

    private async Task SayAsync(PortalDb db, TenantId chain, long to, CancellationToken cancellation)
    {
        var said = await db.Set<AuditEntry>()
            .Where(a => a.Tenant == chain && a.Event == AuditEventId.AuditTrimmed)
            .OrderByDescending(a => a.Id)
            .Select(a => a.Detail)
            .FirstOrDefaultAsync(cancellation);
        if (Trimmed.NumberOf(said) < to)
        {
            audit.Add(db, new(AuditEventId.AuditTrimmed, chain, Actor.Portal) { Detail = Trimmed.Text(to) });
            await db.SaveChangesAsync(cancellation);
        }
    }
}

/// <summary>What an <see cref="AuditEventId.AuditTrimmed"/> says.</summary>
internal static class Trimmed
{
    private const string Before = "up to number ";

    public static string Text(long number) => $"{Before}{number}";

    public static long NumberOf(string? detail) =>
        detail is not null && detail.StartsWith(Before, StringComparison.Ordinal) && long.TryParse(detail[Before.Length..], out var number)
            ? number
            : 0;
}
