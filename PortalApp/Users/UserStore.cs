using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Tenants;

namespace PortalApp.Users;

/// <summary>The people of the tenants, and what an administrator may change of one; each change is a part of the caller's <see cref="Changes.ChangeAsync"/>.</summary>
internal sealed class UserStore(IDbContextFactory<PortalDb> databases, AuditLog audit, TimeProvider clock)
{
    public async Task<User?> FindByNameAsync(TenantId tenant, UserPrincipalName name, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<User>()
            .AsNoTracking()
            .Include(u => u.Contacts)
            .SingleOrDefaultAsync(u => u.Tenant == tenant && u.UserPrincipalName == name.Value && u.GoneAt == null, cancellation);
    }

    /// <summary>Also one who is gone.</summary>
    public async Task<User?> FindAsync(TenantId tenant, string id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<User>()
            .AsNoTracking()
            .Include(u => u.Contacts)
            .SingleOrDefaultAsync(u => u.Tenant == tenant && u.Id == id, cancellation);
    }

    /// <summary>
    /// The connectors that people of a domain come from, in order; who is gone from the directory does not count. Each is one look into the index,
    /// however many people it holds.
    /// </summary>
    [SuppressMessage(
        "Globalization",
        "CA1309",
        Justification = "Never called: it becomes a comparison in the database, in the order of its index."
    )]
    public async Task<IReadOnlyList<string>> ConnectorsOfAsync(TenantId tenant, string domain, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var connectors = new List<string>();
        var people = db.Set<User>().Where(u => u.Tenant == tenant && u.Domain == domain && u.GoneAt == null);
        for (var last = ""; ; connectors.Add(last))
        {
            var after = last;
            var next = await people
                .Where(u => string.Compare(u.Connector, after) > 0)
                .OrderBy(u => u.Connector)
                .Select(u => u.Connector)
                .FirstOrDefaultAsync(cancellation);
            if (next is null)
            {
                return connectors;
            }

            last = next;
        }
    }

    /// <summary>A person whose password lives in the portal alone.</summary>
    public async Task<ChangeOutcome<User>> AddAsync(
        PortalDb db,
        TenantId tenant,
        UserPrincipalName name,
        Actor by,
        CancellationToken cancellation
    )
    {
        var domain = await db.Set<Domain>()
            .AsNoTracking()
            .SingleOrDefaultAsync(d => d.Name == name.Domain && d.Tenant == tenant, cancellation);
        if (domain is null)
        {
            return Wrong(Fault.NoDomainOf, name);
        }

        if (domain.PasswordManagement != PasswordManagement.CloudOnly)
        {
            return Wrong(Fault.ComesBySync, domain.Name);
        }

        if (await db.Set<User>().AnyAsync(u => u.Tenant == tenant && u.UserPrincipalName == name.Value && u.GoneAt == null, cancellation))
        {
            return Wrong(Fault.UserThere, name);
        }

        var now = clock.GetUtcNow();
        var user = new User
        {
            Id = CloudAnchor.New().Value,
            Tenant = tenant,
            UserPrincipalName = name.Value,
            CreatedAt = now,
        };
        user.Revise(by, now);
        db.Add(user);
        Audit(db, user, by, "added");
        return new ChangeOutcome<User>.Done(user);
    }

    /// <param name="seen">The revision that the caller showed to whoever changes it; null where nobody was shown one.</param>
    public async Task<ChangeOutcome<User>> SetAsync(
        PortalDb db,
        TenantId tenant,
        string id,
        UserChange change,
        Actor by,
        long? seen,
        CancellationToken cancellation
    )
    {
        var user = await db.Set<User>().Include(u => u.Contacts).SingleOrDefaultAsync(u => u.Tenant == tenant && u.Id == id, cancellation);
        if (user is null)
        {
            return new ChangeOutcome<User>.NotThere();
        }

        if (seen is not null && seen != user.Revision)
        {
            return new ChangeOutcome<User>.ChangedMeanwhile(user.ChangedBy, user.ChangedAt);
        }

        if (change.Told.Length > 0)
        {
            var now = clock.GetUtcNow();
            if (Write(user, change, by, now) is { Count: > 0 } errors)
            {
                return new ChangeOutcome<User>.Wrong(errors);
            }

            user.Revise(by, now);
            Audit(db, user, by, $"{change.Told} set");
        }

        return new ChangeOutcome<User>.Done(user);
    }

    /// <summary>Lets a person go: the name is free, phones and addresses are forgotten, and open flows are dead.</summary>
    public async Task<ChangeOutcome<User>> RemoveAsync(PortalDb db, TenantId tenant, string id, Actor by, CancellationToken cancellation)
    {
        var user = await db.Set<User>()
            .Include(u => u.Contacts)
            .SingleOrDefaultAsync(u => u.Tenant == tenant && u.Id == id && u.GoneAt == null, cancellation);
        if (user is null)
        {
            return new ChangeOutcome<User>.NotThere();
        }

        if (user.Role == Role.Administrator && !await HasOtherAdministratorAsync(db, user, cancellation))
        {
            return Wrong(Fault.LastAdministrator, user.UserPrincipalName);
        }

        user.LetGo(by, clock.GetUtcNow());
        Audit(db, user, by, $"{user.UserPrincipalName} removed");
        return new ChangeOutcome<User>.Done(user);
    }

    /// <summary>Holds from the person's next request on. The last administrator of a tenant stays one.</summary>
    public async Task<ChangeOutcome<User>> SetRoleAsync(
        PortalDb db,
        TenantId tenant,
        string id,
        Role role,
        Actor by,
        CancellationToken cancellation
    )
    {
        var user = await db.Set<User>().SingleOrDefaultAsync(u => u.Tenant == tenant && u.Id == id && u.GoneAt == null, cancellation);
        if (user is null)
        {
            return new ChangeOutcome<User>.NotThere();
        }

        if (user.Role == role)
        {
            return new ChangeOutcome<User>.Done(user);
        }

        if (user.Role == Role.Administrator && !await HasOtherAdministratorAsync(db, user, cancellation))
        {
            return Wrong(Fault.LastAdministrator, user.UserPrincipalName);
        }

        audit.Add(
            db,
            new(AuditEventId.RoleChanged, tenant, by)
            {
                Subject = AuditSubject.User(user.Id),
                Detail = $"{user.UserPrincipalName} is {role} and no longer {user.Role}, by {by}",
            }
        );
        user.Role = role;
        user.Revise(by, clock.GetUtcNow());
        return new ChangeOutcome<User>.Done(user);
    }

    /// <summary>Of a person whom the caller's context holds.</summary>
    /// <returns>False where it is asked of them already.</returns>
    public bool RequireRegistration(User user, Actor by)
    {
        if (user.MustRegisterAgain)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        user.RegistrationRequiredAt = now;
        user.Revise(by, now);
        return true;
    }

    private static Task<bool> HasOtherAdministratorAsync(PortalDb db, User user, CancellationToken cancellation) =>
        db.Set<User>()
            .AnyAsync(u => u.Tenant == user.Tenant && u.Id != user.Id && u.Role == Role.Administrator && u.GoneAt == null, cancellation);

    private static List<FieldError> Write(User user, UserChange change, Actor by, DateTimeOffset now)
    {
        (ContactField Field, IEnumerable<string>? Typed)[] contacts =
        [
            (ContactField.AlternateEmailAddresses, change.AlternateEmails),
            (ContactField.MobilePhone, change.MobilePhone is { } mobile ? [mobile] : null),
            (ContactField.PhoneNumber, change.OfficePhone is { } office ? [office] : null),
        ];
        user.Licensed = change.Licensed ?? user.Licensed;
        user.ResetEnabled = change.ResetEnabled ?? user.ResetEnabled;
        return
        [
            .. contacts
                .Where(contact => contact.Typed is not null)
                .Select(contact => ContactStore.Write(user, contact.Field, contact.Typed!, ContactSource.Administrator, by, now))
                .OfType<FieldError>(),
        ];
    }

    private static ChangeOutcome<User>.Wrong Wrong(Fault fault, object about) => new(nameof(User.UserPrincipalName), fault, about);

    private void Audit(PortalDb db, User user, Actor by, string what) =>
        audit.Add(db, new(AuditEventId.UserChanged, user.Tenant, by) { Subject = AuditSubject.User(user.Id), Detail = $"{what} by {by}" });
}
