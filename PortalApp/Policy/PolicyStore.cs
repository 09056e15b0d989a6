using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Policy;

/// <summary>The tenants' policies, in numbered versions that never change.</summary>
internal sealed class PolicyStore(IDbContextFactory<PortalDb> databases, PolicyJudge judge, AuditLog audit, TimeProvider clock)
{
    /// <summary>The newest version.</summary>
    public async Task<PolicyVersion> HoldingAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await HoldingAsync(db, tenant, cancellation);
    }

    /// <summary>The same, within the caller's transaction.</summary>
    public static Task<PolicyVersion> HoldingAsync(PortalDb db, TenantId tenant, CancellationToken cancellation) =>
        db.Set<PolicyVersion>().AsNoTracking().Where(p => p.Tenant == tenant).OrderByDescending(p => p.Number).FirstAsync(cancellation);

    public async Task<PolicyVersion?> FindAsync(TenantId tenant, int number, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<PolicyVersion>()
            .AsNoTracking()
            .SingleOrDefaultAsync(p => p.Tenant == tenant && p.Number == number, cancellation);
    }

    /// <summary>What holds for a flow that began under version <paramref name="begun"/>: the stricter of that and today's (H33).</summary>
    /// <param name="groups">The person's own, those around them counted.</param>
    public async Task<AppliedTerms> SinceAsync(TenantId tenant, int begun, IReadOnlySet<long> groups, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var versions = await db.Set<PolicyVersion>()
            .AsNoTracking()
            .Where(p => p.Tenant == tenant && p.Number >= begun)
            .OrderBy(p => p.Number)
            .ToListAsync(cancellation);
        return AppliedTerms.StricterOf(versions[0].List.For(groups), versions[^1].List.For(groups));
    }

    public Task<ChangeOutcome<PolicyVersion>> PublishAsync(
        TenantId tenant,
        PolicyList list,
        Actor by,
        int over,
        CancellationToken cancellation
    ) => databases.ChangeAsync(db => PublishAsync(db, tenant, list, by, over, cancellation), cancellation);

    /// <summary>Another default; the policies before it stay.</summary>
    public Task<ChangeOutcome<PolicyVersion>> PublishAsync(
        TenantId tenant,
        PolicyTerms terms,
        Actor by,
        int over,
        CancellationToken cancellation
    ) => databases.ChangeAsync(db => PublishAsync(db, tenant, terms, by, over, cancellation), cancellation);

    /// <inheritdoc cref="PublishAsync(TenantId, PolicyTerms, Actor, int, CancellationToken)"/>
    public async Task<ChangeOutcome<PolicyVersion>> PublishAsync(
        PortalDb db,
        TenantId tenant,
        PolicyTerms terms,
        Actor by,
        int over,
        CancellationToken cancellation
    ) =>
        await PublishAsync(
            db,
            tenant,
            (await HoldingAsync(db, tenant, cancellation)).List with
            {
                Default = terms,
            },
            by,
            over,
            cancellation
        );

    /// <summary>The same, as a part of the caller's <see cref="Changes.ChangeAsync"/>.</summary>
    /// <param name="over">The number of the version that the caller has seen.</param>
    public async Task<ChangeOutcome<PolicyVersion>> PublishAsync(
        PortalDb db,
        TenantId tenant,
        PolicyList list,
        Actor by,
        int over,
        CancellationToken cancellation
    )
    {
        if (await judge.ErrorsAsync(db, tenant, list, cancellation) is { Count: > 0 } errors)
        {
            return new ChangeOutcome<PolicyVersion>.Wrong(errors);
        }

        var held = await HoldingAsync(db, tenant, cancellation);
        if (held.Number != over)
        {
            return new ChangeOutcome<PolicyVersion>.ChangedMeanwhile(held.By, held.At);
        }

        await db.Set<PolicyDraft>().Where(d => d.Tenant == tenant).ExecuteDeleteAsync(cancellation);
        return new ChangeOutcome<PolicyVersion>.Done(Add(db, tenant, over + 1, list, by));
    }

    public async Task<PolicyDraft?> DraftAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<PolicyDraft>().AsNoTracking().SingleOrDefaultAsync(d => d.Tenant == tenant, cancellation);
    }

    /// <summary>In the place of the one before; nothing that is wrong is kept.</summary>
    public Task<ChangeOutcome<PolicyDraft>> KeepDraftAsync(
        TenantId tenant,
        PolicyList list,
        Actor by,
        int over,
        CancellationToken cancellation
    ) =>
        databases.ChangeAsync<PolicyDraft>(
            async db =>
            {
                if (await judge.ErrorsAsync(db, tenant, list, cancellation) is { Count: > 0 } errors)
                {
                    return new ChangeOutcome<PolicyDraft>.Wrong(errors);
                }

                await db.Set<PolicyDraft>().Where(d => d.Tenant == tenant).ExecuteDeleteAsync(cancellation);
                var draft = new PolicyDraft
                {
                    Tenant = tenant,
                    Over = over,
                    By = by,
                    At = clock.GetUtcNow(),
                    List = list,
                };
                db.Add(draft);
                return new ChangeOutcome<PolicyDraft>.Done(draft);
            },
            cancellation
        );

    /// <summary>What held before the newest version holds again, as a version of its own.</summary>
    public async Task<ChangeOutcome<PolicyVersion>> UndoAsync(TenantId tenant, Actor by, int over, CancellationToken cancellation) =>
        await FindAsync(tenant, over - 1, cancellation) is { } before
            ? await PublishAsync(tenant, before.List, by, over, cancellation)
            : new ChangeOutcome<PolicyVersion>.NotThere();

    /// <summary>The draft is forgotten; what holds goes on holding.</summary>
    public async Task DropDraftAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<PolicyDraft>().Where(d => d.Tenant == tenant).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<PolicyVersion>> HistoryAsync(TenantId tenant, int most, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<PolicyVersion>()
            .AsNoTracking()
            .Where(p => p.Tenant == tenant)
            .OrderByDescending(p => p.Number)
            .Take(most)
            .ToListAsync(cancellation);
    }

    /// <summary>A new tenant's first version.</summary>
    public void Begin(PortalDb db, TenantId tenant, Actor by) => Add(db, tenant, 1, PolicyList.First, by);

    private PolicyVersion Add(PortalDb db, TenantId tenant, int number, PolicyList list, Actor by)
    {
        var version = new PolicyVersion
        {
            Tenant = tenant,
            Number = number,
            By = by,
            At = clock.GetUtcNow(),
            List = list,
        };
        db.Add(version);
        audit.Add(
            db,
            new(AuditEventId.PolicyPublished, tenant, by)
            {
                Subject = new(AuditSubjectKind.Policy, number.ToString(CultureInfo.InvariantCulture)),
                Detail = list.ToString(),
            }
        );
        return version;
    }
}
