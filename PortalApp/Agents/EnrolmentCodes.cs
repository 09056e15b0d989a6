using Microsoft.EntityFrameworkCore;
using Portal.Agents;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Agents;

/// <summary>Issues and spends enrolment codes.</summary>
internal sealed class EnrolmentCodes(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>The code is shown once; its hash is kept.</summary>
    public async Task<string> IssueAsync(TenantId tenant, CancellationToken cancellation)
    {
        var code = EnrolmentCodeText.New();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Add(
            new EnrolmentCode
            {
                Hash = EnrolmentCodeText.Hash(code),
                Tenant = tenant,
                ExpiresAt = clock.GetUtcNow() + Lifetime,
            }
        );
        await db.SaveChangesAsync(cancellation);
        return code;
    }

    /// <summary>The code's tenant, once; null for unknown, expired and used ones alike. One statement decides, in the caller's transaction.</summary>
    public async Task<TenantId?> SpendAsync(PortalDb db, string typed, CancellationToken cancellation)
    {
        var hash = EnrolmentCodeText.Hash(typed);
        var now = clock.GetUtcNow();
        var spent = await db.Set<EnrolmentCode>()
            .Where(c => c.Hash == hash && c.UsedAt == null && c.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancellation);
        return spent == 1 ? await db.Set<EnrolmentCode>().Where(c => c.Hash == hash).Select(c => c.Tenant).SingleAsync(cancellation) : null;
    }
}
