using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Audit.Chain;

/// <summary>
/// After each day writes down, signed, where a chain stands: as an entry of the chain, so that it is shipped with the rest, and whoever has it can
/// prove that what stood there was taken away.
/// </summary>
internal sealed class AuditDays(IDbContextFactory<PortalDb> databases, AuditLease lease, AuditLog audit, AuditKeys keys, TimeProvider clock)
{
    private DateTimeOffset closed;

    public async Task CloseAsync(CancellationToken cancellation)
    {
        var today = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        if (closed == today)
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        if (!await lease.TakeAsync(db, cancellation))
        {
            return;
        }

        using var signer = keys.NewSigner();
        foreach (var chain in await db.Set<AuditSeal>().Select(s => s.Tenant).Distinct().ToListAsync(cancellation))
        {
            await CloseAsync(db, chain, today, signer, cancellation);
        }

        await db.SaveChangesAsync(cancellation);
        await all.CommitAsync(cancellation);
        closed = today;
    }

    /// <summary>Not for a day on which nothing happened, and not twice for one on which something did.</summary>
    private async Task CloseAsync(PortalDb db, TenantId? chain, DateTimeOffset today, ECDsa signer, CancellationToken cancellation)
    {
        var tip = await (
            from s in db.Set<AuditSeal>()
            where s.Tenant == chain
            join e in db.Set<AuditEntry>() on s.Entry equals e.Id
            where e.At < today
            orderby s.Number descending
            select new { Seal = s, e.Event }
        ).FirstOrDefaultAsync(cancellation);
        var isDone = await db.Set<AuditEntry>()
            .AnyAsync(a => a.Tenant == chain && a.Event == AuditEventId.AuditDayClosed && a.At >= today, cancellation);
        if (tip is null or { Event: AuditEventId.AuditDayClosed } || isDone)
        {
            return;
        }

        var head = DayHead.Sign(chain, DateOnly.FromDateTime(today.UtcDateTime).AddDays(-1), tip.Seal, signer);
        audit.Add(db, new(AuditEventId.AuditDayClosed, chain, Actor.Portal) { Detail = head.ToString() });
    }
}

/// <summary>Where a chain stood at the end of a day.</summary>
internal sealed partial record DayHead(string Day, long Number, string Seal, string Signature)
{
    public static DayHead Sign(TenantId? chain, DateOnly day, AuditSeal tip, ECDsa signer)
    {
        var bare = new DayHead(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), tip.Number, Convert.ToBase64String(tip.Mac), "");
        return bare with { Signature = Convert.ToBase64String(signer.SignData(bare.Signed(chain), HashAlgorithmName.SHA256)) };
    }

    /// <summary>Null where it is not of that form.</summary>
    public static DayHead? Read(string? detail) =>
        Form().Match(detail ?? "") is { Success: true, Groups: var part }
            ? new(
                part["day"].Value,
                long.Parse(part["number"].Value, CultureInfo.InvariantCulture),
                part["seal"].Value,
                part["signature"].Value
            )
            : null;

    public bool IsSignedBy(ECDsa signer, TenantId? chain) =>
        signer.VerifyData(Signed(chain), Convert.FromBase64String(Signature), HashAlgorithmName.SHA256);

    public override string ToString() => $"{Day}: number {Number}, seal {Seal}, signature {Signature}";

    /// <summary>As docs/audit.md tells whoever checks it elsewhere.</summary>
    private byte[] Signed(TenantId? chain) => Encoding.ASCII.GetBytes($"audit-day {chain?.Value ?? 0} {Day} {Number} {Seal}");

    [GeneratedRegex(
        @"^(?<day>\d{4}-\d\d-\d\d): number (?<number>\d{1,18}), seal (?<seal>[A-Za-z0-9+/]{43}=), signature (?<signature>[A-Za-z0-9+/]{86}==)$"
    )]
    private static partial Regex Form();
}
