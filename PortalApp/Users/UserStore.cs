using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Users;

/// <summary>Finds people of a tenant, with their contact values.</summary>
internal sealed class UserStore(IDbContextFactory<PortalDb> databases)
{
    public async Task<User?> FindByNameAsync(TenantId tenant, UserPrincipalName name, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<User>()
            .AsNoTracking()
            .Include(u => u.Contacts)
            .SingleOrDefaultAsync(u => u.Tenant == tenant && u.UserPrincipalName == name.Value, cancellation);
    }

    public async Task<User?> FindAsync(TenantId tenant, string id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<User>()
            .AsNoTracking()
            .Include(u => u.Contacts)
            .SingleOrDefaultAsync(u => u.Tenant == tenant && u.Id == id, cancellation);
    }

    /// <summary>The connectors that people of a domain come from, in order. Each is one look into the index, however many people it holds.</summary>
    public async Task<IReadOnlyList<string>> ConnectorsOfAsync(TenantId tenant, string domain, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var connectors = new List<string>();
        var people = db.Set<User>().Where(u => u.Tenant == tenant && u.Domain == domain && u.Connector != null);
        for (var last = ""; ; connectors.Add(last))
        {
            var after = last;
            if (
                await people
                    .Where(u => string.Compare(u.Connector, after) > 0)
                    .OrderBy(u => u.Connector)
                    .Select(u => u.Connector)
                    .FirstOrDefaultAsync(cancellation)
                is not { } next
            )
            {
                return connectors;
            }

            last = next;
        }
    }
}

internal static class UserContacts
{
    /// <summary>A stored value that is not of its form any more counts as absent.</summary>
    public static ContactData ToContactData(this User user) =>
        new(
            PhoneNumber.TryParse(First(user, ContactField.PhoneNumber)),
            PhoneNumber.TryParse(First(user, ContactField.MobilePhone)),
            PhoneNumber.TryParse(First(user, ContactField.AuthenticationPhone)),
            [
                .. user
                    .Contacts.Where(c => c.Field == ContactField.AlternateEmailAddresses)
                    .OrderBy(c => c.Position)
                    .Select(c => EmailAddress.TryParse(c.Value))
                    .OfType<EmailAddress>(),
            ],
            EmailAddress.TryParse(First(user, ContactField.AuthenticationEmail))
        );

    private static string? First(User user, ContactField field) => user.Contacts.FirstOrDefault(c => c.Field == field)?.Value;
}
