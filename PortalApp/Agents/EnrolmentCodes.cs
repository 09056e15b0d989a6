using Microsoft.EntityFrameworkCore;
using Portal.Agents;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Agents;

/// <param name="Id">By which it is spoken of.</param>
/// <param name="Text">Shown once.</param>
internal sealed record IssuedCode(long Id, string Text, DateTimeOffset ExpiresAt);

/// <summary>Issues, spends and revokes enrolment codes.</summary>
internal sealed class EnrolmentCodes(IDbContextFactory<PortalDb> databases, AuditLog audit, TimeProvider clock)
{
    public const int MaxNoteChars = 200;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>The code is shown once; its hash is kept.</summary>
    /// <param name="note">What it is for; at most <see cref="MaxNoteChars"/>.</param>
    public async Task<IssuedCode> IssueAsync(TenantId tenant, Actor by, string? note, CancellationToken cancellation)
    {
        var code = EnrolmentCodeText.New();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var row = new EnrolmentCode
        {
            Tenant = tenant,
            Hash = EnrolmentCodeText.Hash(code),
            IssuedBy = by,
            Note = note,
            ExpiresAt = clock.GetUtcNow() + Lifetime,
        };
        db.Add(row);
        audit.Add(db, Happened(tenant, by, $"enrolment code issued by {by}"));
        await db.SaveChangesAsync(cancellation);
        return new(row.Id, code, row.ExpiresAt);
    }

    /// <summary>Those of the last day, newest first.</summary>
    public async Task<IReadOnlyList<EnrolmentCode>> ListAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<EnrolmentCode>()
            .AsNoTracking()
            .Where(c => c.Tenant == tenant)
            .OrderByDescending(c => c.Id)
            .ToListAsync(cancellation);
    }

    /// <summary>False for one that was used, has expired or is not the tenant's: there is nothing left to revoke.</summary>
    public async Task<bool> RevokeAsync(TenantId tenant, long id, Actor by, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var revoked = await Good(db, now)
            .Where(c => c.Id == id && c.Tenant == tenant)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.RevokedAt, now), cancellation);
        if (revoked == 1)
        {
            await audit.WriteAsync(Happened(tenant, by, $"enrolment code {id} revoked by {by}"), cancellation);
        }

        return revoked == 1;
    }

    /// <summary>The code's tenant, once; null for unknown, expired, revoked and used ones alike. One statement decides, in the caller's transaction.</summary>
    public async Task<TenantId?> SpendAsync(PortalDb db, string typed, CancellationToken cancellation)
    {
        var hash = EnrolmentCodeText.Hash(typed);
        var now = clock.GetUtcNow();
        var spent = await Good(db, now)
            .Where(c => c.Hash == hash)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancellation);
        return spent == 1 ? await db.Set<EnrolmentCode>().Where(c => c.Hash == hash).Select(c => c.Tenant).SingleAsync(cancellation) : null;
    }

    /// <summary>Whom a code that was just spent took in.</summary>
    public static Task TookInAsync(PortalDb db, string typed, string agent, CancellationToken cancellation)
    {
        var hash = EnrolmentCodeText.Hash(typed);
        return db.Set<EnrolmentCode>()
            .Where(c => c.Hash == hash && c.UsedAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.AgentId, agent), cancellation);
    }

    /// <summary>The tenant of a code that was used, as long as it is kept; null for any other.</summary>
    public static async Task<TenantId?> SpentOfAsync(PortalDb db, string typed, CancellationToken cancellation)
    {
        var hash = EnrolmentCodeText.Hash(typed);
        return await db.Set<EnrolmentCode>()
            .Where(c => c.Hash == hash && c.UsedAt != null)
            .Select(c => (TenantId?)c.Tenant)
            .SingleOrDefaultAsync(cancellation);
    }

    private static AuditEvent Happened(TenantId tenant, Actor by, string what) =>
        new(AuditEventId.TenantChanged, tenant, by) { Subject = AuditSubject.Tenant(tenant), Detail = what };

    private static IQueryable<EnrolmentCode> Good(PortalDb db, DateTimeOffset now) =>
        db.Set<EnrolmentCode>().Where(c => c.UsedAt == null && c.RevokedAt == null && c.ExpiresAt > now);
}
