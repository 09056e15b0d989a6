using System.Diagnostics;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.SignIn.Providers;

/// <summary>The domains' providers, and who is who there.</summary>
internal sealed class ProviderStore(
    IDbContextFactory<PortalDb> databases,
    ProviderMetadata metadata,
    MasterKey master,
    AuditLog audit,
    TimeProvider clock
)
{
    private const string Purpose = "provider secret";

    /// <summary>Null where the domain's people do not sign in at one.</summary>
    public async Task<DomainProvider?> FindAsync(TenantId tenant, string domain, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<DomainProvider>()
            .AsNoTracking()
            .SingleOrDefaultAsync(p => p.Tenant == tenant && p.Domain == domain, cancellation);
    }

    public string SecretOf(DomainProvider provider) => Encoding.UTF8.GetString(master.Unwrap(Purpose, provider.KeyNumber, provider.Secret));

    /// <summary>Asks the provider first: what cannot work is not set.</summary>
    public async Task<ChangeOutcome<DomainProvider>> SetAsync(
        TenantId tenant,
        string domain,
        ProviderChange change,
        Actor by,
        CancellationToken cancellation
    ) =>
        await JudgeAsync(tenant, domain, change, cancellation) switch
        {
            ChangeOutcome<DomainProvider>.Done { Value: var provider } => await databases.ChangeAsync(
                db => WriteAsync(db, provider, by, cancellation),
                cancellation
            ),
            var refused => refused,
        };

    /// <summary>As it would be set: by its metadata's own spelling, and with its secret wrapped.</summary>
    public async Task<ChangeOutcome<DomainProvider>> JudgeAsync(
        TenantId tenant,
        string domain,
        ProviderChange change,
        CancellationToken cancellation
    )
    {
        var name = DomainName.TryParse(domain) ?? "";
        var refusal = await databases.ChangeAsync(db => FindFederatedAsync(db, tenant, name, cancellation), cancellation);
        if (refusal is not ChangeOutcome<Domain>.Done)
        {
            return refusal.Refused<DomainProvider>();
        }

        if (FieldError.Of(new ProviderChangeValidator().Validate(change)) is { Count: > 0 } errors)
        {
            return new ChangeOutcome<DomainProvider>.Wrong(errors);
        }

        var (secret, number) = master.Wrap(Purpose, Encoding.UTF8.GetBytes(change.ClientSecret));
        return await metadata.ReadAsync(change.Issuer, cancellation) switch
        {
            MetadataReading.Read read => new ChangeOutcome<DomainProvider>.Done(
                new()
                {
                    Domain = name,
                    Tenant = tenant,
                    Issuer = read.Endpoints.Issuer,
                    ClientId = change.ClientId,
                    Secret = secret,
                    KeyNumber = number,
                }
            ),
            MetadataReading.Failed failed => new ChangeOutcome<DomainProvider>.Wrong([failed.Why]),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>One that was judged, in the place of what holds now; a part of the caller's change.</summary>
    public async Task<ChangeOutcome<DomainProvider>> WriteAsync(
        PortalDb db,
        DomainProvider provider,
        Actor by,
        CancellationToken cancellation
    )
    {
        var federated = await FindFederatedAsync(db, provider.Tenant, provider.Domain, cancellation);
        if (federated is not ChangeOutcome<Domain>.Done)
        {
            return federated.Refused<DomainProvider>();
        }

        if (await db.Set<DomainProvider>().SingleOrDefaultAsync(p => p.Domain == provider.Domain, cancellation) is { } held)
        {
            db.Entry(held).CurrentValues.SetValues(provider);
        }
        else
        {
            db.Add(provider);
        }

        var what = $"provider of {provider.Domain} set to {provider.Issuer}, client {provider.ClientId}, by {by}";
        Record(db, provider.Tenant, provider.Domain, by, what);
        return new ChangeOutcome<DomainProvider>.Done(provider);
    }

    /// <summary>Takes the provider away and forgets who was who there, so that another one, or the same built anew, may link them again.</summary>
    public Task<ChangeOutcome<Domain>> RemoveAsync(TenantId tenant, string domain, Actor by, CancellationToken cancellation)
    {
        var name = DomainName.TryParse(domain) ?? "";
        return databases.ChangeAsync(
            async db =>
            {
                var found = await FindFederatedAsync(db, tenant, name, cancellation);
                if (found is not ChangeOutcome<Domain>.Done)
                {
                    return found;
                }

                if (await db.Set<DomainProvider>().SingleOrDefaultAsync(p => p.Domain == name, cancellation) is not { } row)
                {
                    return new ChangeOutcome<Domain>.Wrong("", Fault.NoProvider, name);
                }

                db.Remove(row);
                await db.Set<ProviderTrial>().Where(t => t.Domain == name).ExecuteDeleteAsync(cancellation);
                await db.Set<ProviderLink>()
                    .Where(l => l.Tenant == tenant && l.Issuer == row.Issuer)
                    .Where(l => db.Set<User>().Any(u => u.Id == l.UserId && u.Domain == name))
                    .ExecuteDeleteAsync(cancellation);
                Record(db, tenant, name, by, $"provider of {name}, {row.Issuer}, taken away by {by}");
                return found;
            },
            cancellation
        );
    }

    /// <summary>
    /// The person of a <c>sub</c>, within the caller's transaction: by the link that there is, else by the name that the provider gives, once,
    /// and only in the provider's own domain. Nobody else's link is touched, and nobody is made.
    /// </summary>
    /// <param name="name">The <c>upn</c> claim; null where there is none.</param>
    public async Task<User?> PersonAsync(
        PortalDb db,
        DomainProvider provider,
        string subject,
        UserPrincipalName? name,
        CancellationToken cancellation
    )
    {
        var links = db.Set<ProviderLink>().Where(l => l.Tenant == provider.Tenant && l.Issuer == provider.Issuer);
        var people = db.Set<User>().AsNoTracking().Where(u => u.Tenant == provider.Tenant && u.GoneAt == null);
        // Who is gone leaves the place to who comes back as somebody new.
        await links.Where(l => l.Subject == subject && !people.Any(u => u.Id == l.UserId)).ExecuteDeleteAsync(cancellation);
        if (await links.AsNoTracking().SingleOrDefaultAsync(l => l.Subject == subject, cancellation) is { } link)
        {
            return await people.SingleOrDefaultAsync(u => u.Id == link.UserId, cancellation);
        }

        if (
            name is null
            || name.Domain != provider.Domain
            || await people.SingleOrDefaultAsync(u => u.UserPrincipalName == name.Value, cancellation) is not { } user
            || await links.AnyAsync(l => l.UserId == user.Id, cancellation)
        )
        {
            return null;
        }

        db.Add(
            new ProviderLink
            {
                Tenant = provider.Tenant,
                Issuer = provider.Issuer,
                Subject = subject,
                UserId = user.Id,
                LinkedAt = clock.GetUtcNow(),
            }
        );
        audit.Add(
            db,
            new(AuditEventId.UserChanged, user.Tenant, Actor.User(user.Id))
            {
                Subject = AuditSubject.User(user.Id),
                Detail = $"{user.UserPrincipalName} linked to an account at {provider.Issuer}",
            }
        );
        return user;
    }

    /// <summary>For somebody whose account there was made anew: the next sign-in links it by its name again.</summary>
    public async Task<ChangeOutcome<User>> UnlinkAsync(
        PortalDb db,
        TenantId tenant,
        UserPrincipalName name,
        Actor by,
        CancellationToken cancellation
    )
    {
        var user = await db.Set<User>()
            .SingleOrDefaultAsync(u => u.Tenant == tenant && u.UserPrincipalName == name.Value && u.GoneAt == null, cancellation);
        if (user is null)
        {
            return new ChangeOutcome<User>.NotThere();
        }

        if (await db.Set<ProviderLink>().Where(l => l.UserId == user.Id).ExecuteDeleteAsync(cancellation) == 0)
        {
            return new ChangeOutcome<User>.Wrong("", Fault.NotLinked, name);
        }

        audit.Add(
            db,
            new(AuditEventId.UserChanged, tenant, by) { Subject = AuditSubject.User(user.Id), Detail = $"{name} unlinked by {by}" }
        );
        return new ChangeOutcome<User>.Done(user);
    }

    /// <summary>For <see cref="WrappedRows"/>. What is tried is tried anew.</summary>
    public static async Task<int> RewrapAsync(PortalDb db, MasterKey master, CancellationToken cancellation)
    {
        var newest = master.Number;
        await db.Set<ProviderTrial>().Where(t => t.KeyNumber != newest).ExecuteDeleteAsync(cancellation);
        var held = await db.Set<DomainProvider>()
            .AsNoTracking()
            .Where(p => p.KeyNumber != newest)
            .Take(WrappedRows.AtOnce)
            .ToListAsync(cancellation);
        foreach (var row in held)
        {
            var anew = master.Wrap(Purpose, master.Unwrap(Purpose, row.KeyNumber, row.Secret));
            await db.Set<DomainProvider>()
                .Where(p => p.Domain == row.Domain && p.KeyNumber == row.KeyNumber && p.Secret == row.Secret)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(p => p.Secret, anew.Bytes).SetProperty(p => p.KeyNumber, anew.KeyNumber),
                    cancellation
                );
        }

        return held.Count;
    }

    private static async Task<ChangeOutcome<Domain>> FindFederatedAsync(
        PortalDb db,
        TenantId tenant,
        string name,
        CancellationToken cancellation
    ) =>
        await db.Set<Domain>().AsNoTracking().SingleOrDefaultAsync(d => d.Name == name && d.Tenant == tenant, cancellation) switch
        {
            null => new ChangeOutcome<Domain>.NotThere(),
            { PasswordManagement: PasswordManagement.Federated } found => new ChangeOutcome<Domain>.Done(found),
            var other => new ChangeOutcome<Domain>.Wrong("", Fault.NotFederated, name, other.PasswordManagement),
        };

    private void Record(PortalDb db, TenantId tenant, string name, Actor by, string detail) =>
        audit.Add(db, new(AuditEventId.TenantChanged, tenant, by) { Subject = new(AuditSubjectKind.Domain, name), Detail = detail });
}
