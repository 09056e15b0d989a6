using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Gates;

namespace PortalApp.Policy;

/// <summary>The tenants' policies, in numbered versions that never change.</summary>
internal sealed class PolicyStore(IDbContextFactory<PortalDb> databases, IEnumerable<IGate> gates, AuditLog audit, TimeProvider clock)
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
    public async Task<PolicyTerms> SinceAsync(TenantId tenant, int begun, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var versions = await db.Set<PolicyVersion>()
            .AsNoTracking()
            .Where(p => p.Tenant == tenant && p.Number >= begun)
            .OrderBy(p => p.Number)
            .ToListAsync(cancellation);
        return PolicyTerms.StricterOf(versions[0].Terms, versions[^1].Terms);
    }

    public Task<ChangeOutcome<PolicyVersion>> PublishAsync(
        TenantId tenant,
        PolicyTerms terms,
        Actor by,
        int over,
        CancellationToken cancellation
    ) => databases.ChangeAsync(db => PublishAsync(db, tenant, terms, by, over, cancellation), cancellation);

    /// <summary>The same, as a part of the caller's <see cref="Changes.ChangeAsync"/>.</summary>
    /// <param name="over">The number of the version that the caller has seen.</param>
    public async Task<ChangeOutcome<PolicyVersion>> PublishAsync(
        PortalDb db,
        TenantId tenant,
        PolicyTerms terms,
        Actor by,
        int over,
        CancellationToken cancellation
    )
    {
        if (Judge(terms) is { Count: > 0 } errors)
        {
            return new ChangeOutcome<PolicyVersion>.Wrong(errors);
        }

        var held = await HoldingAsync(db, tenant, cancellation);
        if (held.Number != over)
        {
            return new ChangeOutcome<PolicyVersion>.ChangedMeanwhile(held.By, held.At);
        }

        await db.Set<PolicyDraft>().Where(d => d.Tenant == tenant).ExecuteDeleteAsync(cancellation);
        return new ChangeOutcome<PolicyVersion>.Done(Add(db, tenant, over + 1, terms, by));
    }

    public async Task<PolicyDraft?> DraftAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<PolicyDraft>().AsNoTracking().SingleOrDefaultAsync(d => d.Tenant == tenant, cancellation);
    }

    /// <summary>In the place of the one before; nothing that is wrong is kept.</summary>
    public Task<ChangeOutcome<PolicyDraft>> KeepDraftAsync(
        TenantId tenant,
        PolicyTerms terms,
        Actor by,
        int over,
        CancellationToken cancellation
    ) =>
        databases.ChangeAsync<PolicyDraft>(
            async db =>
            {
                if (Judge(terms) is { Count: > 0 } errors)
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
                    Terms = terms,
                };
                db.Add(draft);
                return new ChangeOutcome<PolicyDraft>.Done(draft);
            },
            cancellation
        );

    /// <summary>What held before the newest version holds again, as a version of its own.</summary>
    public async Task<ChangeOutcome<PolicyVersion>> UndoAsync(TenantId tenant, Actor by, int over, CancellationToken cancellation) =>
        await FindAsync(tenant, over - 1, cancellation) is { } before
            ? await PublishAsync(tenant, before.Terms, by, over, cancellation)
            : new ChangeOutcome<PolicyVersion>.NotThere();

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
    public void Begin(PortalDb db, TenantId tenant, Actor by) => Add(db, tenant, 1, PolicyTerms.First, by);

    private List<FieldError> Judge(PolicyTerms terms)
    {
        var missing = terms.Methods.Except(gates.Select(g => g.Method));
        var errors = new List<FieldError>();
        if (terms.Gates is < 1 or > 2)
        {
            errors.Add(new(nameof(terms.Gates), "Write 1 or 2."));
        }

        if (terms.Methods.IsEmpty)
        {
            errors.Add(new(nameof(terms.Methods), "Name at least one."));
        }

        if (!missing.IsEmpty)
        {
            errors.Add(new(nameof(terms.Methods), $"{string.Join(", ", missing)} cannot be used yet."));
        }

        if (terms.ForWhom is PolicyAudience.Groups { Names: var names } && (names.Count == 0 || names.Any(string.IsNullOrWhiteSpace)))
        {
            errors.Add(new(nameof(terms.ForWhom), "Name at least one group."));
        }

        return errors;
    }

    private PolicyVersion Add(PortalDb db, TenantId tenant, int number, PolicyTerms terms, Actor by)
    {
        var version = new PolicyVersion
        {
            Tenant = tenant,
            Number = number,
            By = by,
            At = clock.GetUtcNow(),
            Terms = terms,
        };
        db.Add(version);
        audit.Add(
            db,
            new(AuditEventId.PolicyPublished, tenant, by)
            {
                Subject = new(AuditSubjectKind.Policy, number.ToString(CultureInfo.InvariantCulture)),
                Detail = terms.ToString(),
            }
        );
        return version;
    }
}
