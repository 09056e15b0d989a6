using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Helpdesk.Actions;
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

    /// <param name="NeedsApproval">Of a second person, first.</param>
    public sealed record May(User Whom, bool NeedsApproval) : TemporaryRight;
}

/// <summary>
/// An administrator always, save for who has a role. As the policy has it, with a second person's approval: an administrator for who has a role,
/// and the helpdesk where no link reaches the person. Never anybody for oneself.
/// </summary>
internal sealed class TemporaryRights(
    IDbContextFactory<PortalDb> databases,
    HelpRules rules,
    TenantStore tenants,
    PasswordHomes homes,
    OnPremisesHome directory
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

        var help = await rules.OfAsync(whom, cancellation);
        why =
            whom.Role > Role.User && !(isAdministrator && help.Contains(HelpRule.OfRoles)) ? HelpdeskRefusal.HasRole
            : !isAdministrator && !help.Contains(HelpRule.TemporaryPassword) ? HelpdeskRefusal.OnlyAdministrator
            : !isAdministrator && whom.ToContactData().AlternateEmail is not null ? HelpdeskRefusal.Reachable
            : await LivesInDirectoryAsync(whom, cancellation) ? null
            : HelpdeskRefusal.InPortal;
        return why is null
            ? new TemporaryRight.May(whom, NeedsApproval: !isAdministrator || whom.Role > Role.User)
            : new TemporaryRight.Refused(why.Value);
    }

    private async Task<bool> LivesInDirectoryAsync(User whom, CancellationToken cancellation) =>
        whom.Connector is not null
        && UserPrincipalName.TryParse(whom.UserPrincipalName) is { } name
        && await tenants.FindByDomainAsync(name.Domain, cancellation) is { } found
        && homes.Of(found.Domain.PasswordManagement) == directory;
}
