using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Helpdesk.Actions;
using PortalApp.Helpdesk.Callers;
using PortalApp.Passwords;
using PortalApp.Policy;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Helpdesk.TemporaryPasswords;

/// <summary>Whether somebody may set a person's temporary password. Closed: the cases below.</summary>
internal abstract record TemporaryRight
{
    private TemporaryRight() { }

    public sealed record Refused(HelpdeskRefusal Why) : TemporaryRight;

    /// <param name="Home">Of the password.</param>
    /// <param name="NeedsApproval">Of a second person, first.</param>
    public sealed record May(User Whom, IPasswordHome Home, bool NeedsApproval) : TemporaryRight;
}

/// <summary>
/// An administrator always, save for who has a role. As the policy has it, with a second person's approval: an administrator for who has a role,
/// and the helpdesk where no link reaches the person. Never anybody for oneself.
/// </summary>
internal sealed class TemporaryRights(
    IDbContextFactory<PortalDb> databases,
    HelpTerms terms,
    PersonReach reach,
    TenantStore tenants,
    PasswordHomes homes
)
{
    public async Task<TemporaryRight> OfAsync(SignedIn me, string id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await OfAsync(db, me, id, cancellation);
    }

    /// <summary>Within the caller's transaction, with the role of this moment.</summary>
    public async Task<TemporaryRight> OfAsync(PortalDb db, SignedIn me, string id, CancellationToken cancellation)
    {
        var (now, whom) = await HelpdeskActions.FindAsync(db, me, id, cancellation);
        var isAdministrator = now.Role >= Role.Administrator;
        var why = HelpdeskActions.Refuse(now, whom);
        if (whom is null || why is not null and not HelpdeskRefusal.HasRole)
        {
            return new TemporaryRight.Refused(why ?? HelpdeskRefusal.NotThere);
        }

        var help = (await terms.OfAsync(whom, cancellation)).Help;
        why =
            whom.Role > Role.User && !(isAdministrator && help.Contains(HelpRule.OfRoles)) ? HelpdeskRefusal.HasRole
            : !isAdministrator && !help.Contains(HelpRule.TemporaryPassword) ? HelpdeskRefusal.OnlyAdministrator
            : !isAdministrator && await reach.OfAsync(whom, cancellation) is not null ? HelpdeskRefusal.Reachable
            : null;
        return why is not null ? new TemporaryRight.Refused(why.Value)
            : await HomeOfAsync(whom, cancellation) is { } home
                ? new TemporaryRight.May(whom, home, NeedsApproval: !isAdministrator || whom.Role > Role.User)
            : new TemporaryRight.Refused(HelpdeskRefusal.NoAccount);
    }

    /// <summary>Null where it would be a directory's, and none has the person.</summary>
    private async Task<IPasswordHome?> HomeOfAsync(User whom, CancellationToken cancellation) =>
        (await tenants.FindByDomainAsync(whom.Domain, cancellation))?.Domain.PasswordManagement is { } management
        && (management == PasswordManagement.CloudOnly || whom.Connector is not null)
            ? homes.Of(management)
            : null;
}
