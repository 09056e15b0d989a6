using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Passwords.Hashes;
using PortalApp.SignIn.Providers;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.SignIn.Passwords;

/// <summary>Whom it concerns when the passwords of a domain live elsewhere from now on.</summary>
/// <param name="WithPassword">Whose password the portal holds: it is forgotten when the domain's live elsewhere.</param>
internal sealed record PeopleConcerned(int People, int WithPassword);

/// <summary>Lets a domain's passwords live elsewhere: what the portal holds of them is forgotten, and whoever is signed in signs in anew.</summary>
internal sealed class PasswordManagementChange(IDbContextFactory<PortalDb> databases, DomainStore domains)
{
    public async Task<PeopleConcerned> ConcernsAsync(TenantId tenant, string domain, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var people = PeopleOf(db, tenant, domain);
        return new(
            await people.CountAsync(cancellation),
            await db.Set<UserPassword>().CountAsync(p => people.Any(u => u.Id == p.UserId), cancellation)
        );
    }

    /// <param name="seen">Where they live as the caller showed it; null where nobody was shown it.</param>
    public Task<ChangeOutcome<Domain>> SetAsync(
        TenantId tenant,
        string domain,
        PasswordManagement management,
        Actor by,
        PasswordManagement? seen,
        CancellationToken cancellation
    ) =>
        databases.ChangeAsync(
            async db =>
            {
                var name = DomainName.TryParse(domain) ?? "";
                var people = PeopleOf(db, tenant, name);
                if (by.Kind == ActorKind.User && await people.AnyAsync(u => u.Id == by.Name, cancellation))
                {
                    return new ChangeOutcome<Domain>.Wrong(nameof(Domain.PasswordManagement), Fault.OwnDomain);
                }

                if (await db.Set<DomainProvider>().AnyAsync(p => p.Domain == name && p.Tenant == tenant, cancellation))
                {
                    return new ChangeOutcome<Domain>.Wrong(nameof(Domain.PasswordManagement), Fault.HasProvider, name);
                }

                var set = await domains.SetManagementAsync(db, tenant, name, management, by, seen, cancellation);
                if (set is ChangeOutcome<Domain>.Done)
                {
                    await db.Set<UserPassword>().Where(p => people.Any(u => u.Id == p.UserId)).ExecuteDeleteAsync(cancellation);
                    await db.Set<Session>().Where(s => people.Any(u => u.Id == s.UserId)).ExecuteDeleteAsync(cancellation);
                }

                return set;
            },
            cancellation
        );

    private static IQueryable<User> PeopleOf(PortalDb db, TenantId tenant, string domain) =>
        db.Set<User>().Where(u => u.Tenant == tenant && u.Domain == domain && u.GoneAt == null);
}
