using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Outbound;

namespace PortalApp.Tenants;

/// <summary>Domains that tenants claim, and the proof that the DNS gives.</summary>
internal sealed class DomainClaims(
    IDbContextFactory<PortalDb> databases,
    DomainStore domains,
    DnsTexts dns,
    AuditLog audit,
    TimeProvider clock
)
{
    private const int MostOfTenant = 50;

    public async Task<IReadOnlyList<DomainClaim>> ListAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<DomainClaim>().AsNoTracking().Where(c => c.Tenant == tenant).OrderBy(c => c.Name).ToListAsync(cancellation);
    }

    /// <param name="typed">In either spelling.</param>
    public Task<ChangeOutcome<DomainClaim>> AddAsync(
        TenantId tenant,
        string typed,
        PasswordManagement management,
        Actor by,
        CancellationToken cancellation
    ) =>
        databases.ChangeAsync<DomainClaim>(
            async db =>
            {
                if (DomainStore.WhyNot(typed) is { } error)
                {
                    return new ChangeOutcome<DomainClaim>.Wrong([error]);
                }

                var name = DomainName.TryParse(typed)!;
                if (await TakenAsync(db, tenant, name, cancellation) is { } taken)
                {
                    return new ChangeOutcome<DomainClaim>.Wrong([new(nameof(Domain.Name), taken, name)]);
                }

                if (await db.Set<DomainClaim>().AnyAsync(c => c.Tenant == tenant && c.Name == name, cancellation))
                {
                    return new ChangeOutcome<DomainClaim>.Wrong(nameof(Domain.Name), Fault.DomainWaits, name);
                }

                if (await db.Set<DomainClaim>().CountAsync(c => c.Tenant == tenant, cancellation) >= MostOfTenant)
                {
                    return new ChangeOutcome<DomainClaim>.Wrong(nameof(Domain.Name), Fault.DomainsWait, MostOfTenant);
                }

                return new ChangeOutcome<DomainClaim>.Done(Add(db, tenant, name, management, by));
            },
            cancellation
        );

    /// <summary>Asks the DNS; from the moment in which it says the token the domain is the tenant's.</summary>
    public async Task<ChangeOutcome<Domain>> ProveAsync(TenantId tenant, string name, Actor by, CancellationToken cancellation)
    {
        if (await FindAsync(tenant, name, cancellation) is not { } claim)
        {
            return new ChangeOutcome<Domain>.NotThere();
        }

        return await dns.ReadAsync(claim.RecordName, cancellation) switch
        {
            DnsReading.NoAnswer => Unproven(Fault.DnsSilent, claim.RecordName),
            DnsReading.Texts { All: [] } => Unproven(Fault.DnsNoText, claim.RecordName),
            DnsReading.Texts { All: var all } when !all.Contains(claim.RecordText) => Unproven(
                Fault.DnsOtherText,
                claim.RecordName,
                claim.RecordText
            ),
            DnsReading.Texts => await HoldAsync(claim, by, cancellation),
            _ => throw new UnreachableException(),
        };
    }

    /// <returns>False where there is none.</returns>
    public async Task<bool> RemoveAsync(TenantId tenant, string name, Actor by, CancellationToken cancellation) =>
        await databases.ChangeAsync<string>(
            async db =>
            {
                if (
                    await db.Set<DomainClaim>().SingleOrDefaultAsync(c => c.Tenant == tenant && c.Name == name, cancellation) is not { } row
                )
                {
                    return new ChangeOutcome<string>.NotThere();
                }

                db.Remove(row);
                Record(db, tenant, name, by, $"claim of {name} removed by {by}");
                return new ChangeOutcome<string>.Done(name);
            },
            cancellation
        ) is ChangeOutcome<string>.Done;

    private Task<ChangeOutcome<Domain>> HoldAsync(DomainClaim claim, Actor by, CancellationToken cancellation) =>
        databases.ChangeAsync(
            async db =>
            {
                var held = await db.Set<DomainClaim>()
                    .SingleOrDefaultAsync(c => c.Tenant == claim.Tenant && c.Name == claim.Name && c.Token == claim.Token, cancellation);
                if (held is null)
                {
                    return new ChangeOutcome<Domain>.NotThere();
                }

                if (await TakenAsync(db, claim.Tenant, claim.Name, cancellation) is { } taken)
                {
                    return Unproven(taken, claim.Name);
                }

                db.Remove(held);
                return await domains.AddAsync(db, claim.Tenant, claim.Name, held.PasswordManagement, by, cancellation);
            },
            cancellation
        );

    private async Task<DomainClaim?> FindAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<DomainClaim>().AsNoTracking().SingleOrDefaultAsync(c => c.Tenant == tenant && c.Name == name, cancellation);
    }

    /// <summary>Says nothing of whose it is.</summary>
    private static async Task<Fault?> TakenAsync(PortalDb db, TenantId tenant, string name, CancellationToken cancellation) =>
        await db.Set<Domain>().AsNoTracking().SingleOrDefaultAsync(d => d.Name == name, cancellation) switch
        {
            null => null,
            { Tenant: var owner } => owner == tenant ? Fault.DomainOwn : Fault.DomainElsewhere,
        };

    private DomainClaim Add(PortalDb db, TenantId tenant, string name, PasswordManagement management, Actor by)
    {
        var claim = new DomainClaim
        {
            Name = name,
            Tenant = tenant,
            PasswordManagement = management,
            Token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            By = by,
            At = clock.GetUtcNow(),
        };
        db.Add(claim);
        Record(db, tenant, name, by, $"domain {name} ({management}) claimed by {by}");
        return claim;
    }

    private void Record(PortalDb db, TenantId tenant, string name, Actor by, string detail) =>
        audit.Add(db, new(AuditEventId.TenantChanged, tenant, by) { Subject = new(AuditSubjectKind.Domain, name), Detail = detail });

    private static ChangeOutcome<Domain> Unproven(Fault why, params object[] arguments) =>
        new ChangeOutcome<Domain>.Wrong(nameof(DomainClaim.Token), why, arguments);
}
