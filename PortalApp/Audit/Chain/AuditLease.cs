using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Audit.Chain;

/// <summary>Of several portals on one database one seals and ships; when it is gone another does, half a minute later.</summary>
internal sealed class AuditLease(TimeProvider clock)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);
    private readonly string me = RandomNumberGenerator.GetHexString(16);

    /// <summary>In a transaction also nobody else's is under way until that has ended.</summary>
    public async Task<bool> TakeAsync(PortalDb db, CancellationToken cancellation)
    {
        var (now, until) = (clock.GetUtcNow(), clock.GetUtcNow() + Length);
        return await db.Set<AuditProgress>()
                .Where(p => p.Id == AuditProgress.TheOne && (p.Holder == me || p.Until < now))
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.Holder, me).SetProperty(p => p.Until, until), cancellation) == 1;
    }
}
