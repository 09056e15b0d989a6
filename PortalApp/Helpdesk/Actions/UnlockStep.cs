using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Helpdesk.Callers;
using PortalApp.Passwords;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Users;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Helpdesk.Actions;

/// <summary>
/// Ends the lock of somebody's directory account; the password stays. By the same way as any write, and so at most once; what follows its end
/// is told elsewhere, whether or not anybody watches.
/// </summary>
internal sealed class UnlockStep(
    IDbContextFactory<PortalDb> databases,
    TenantStore tenants,
    OnPremisesHome directory,
    HelpdeskActions actions,
    HelpdeskDeeds deeds,
    CallerChecks callers,
    RequestWatch watch
)
{
    /// <summary>Longer than the longest deadline (300 s) and what is added to it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(6);

    /// <summary>Not cancelled by a page that goes away: what was begun is carried to its end.</summary>
    /// <param name="id">Of the user.</param>
    public async Task<HelpdeskOutcome> ActAsync(SignedIn me, string id, string reason)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            return new HelpdeskOutcome.Refused(HelpdeskRefusal.NoReason);
        }

        await using var db = await databases.CreateDbContextAsync();
        await using var all = await db.Database.BeginTransactionAsync();
        var (now, whom) = await HelpdeskActions.FindAsync(db, me, id, CancellationToken.None);
        if (HelpdeskActions.Refuse(now, whom) is { } why)
        {
            return new HelpdeskOutcome.Refused(why);
        }

        if (!await IsInDirectoryAsync(whom!))
        {
            return new HelpdeskOutcome.NothingToDo();
        }

        if (
            await actions.MustProveAsync(whom!, HelpdeskAction.Unlock, CancellationToken.None)
            && await callers.ProvedAsync(db, me, id, CancellationToken.None) is null
        )
        {
            return new HelpdeskOutcome.Refused(HelpdeskRefusal.NotVerified);
        }

        var trace = AuditTrace.New();
        var adding = await directory.UnlockAsync(db, whom!, new(null, trace, me.User.Id), CancellationToken.None);
        if (adding is RequestAdding.AlreadyOpen(var other))
        {
            // Somebody else's press, or a reset, which unlocks as well. Nobody waits for it with the database held.
            await all.RollbackAsync();
            return await AfterAsync(whom!.Tenant, other);
        }

        var added = (RequestAdding.Added)adding;
        deeds.Record(db, me, whom!, $"{HelpdeskAction.Unlock}", reason, trace, added.Id.Value);
        await db.SaveChangesAsync();
        await all.CommitAsync();
        await added.Send();
        return await AfterAsync(whom!.Tenant, added.Id);
    }

    private async Task<HelpdeskOutcome> AfterAsync(TenantId tenant, RequestId request) =>
        await watch.WaitAsync(tenant, request, LongestWait, CancellationToken.None) switch
        {
            WritebackResult.Applied { Unlocked: true } => new HelpdeskOutcome.Done(),
            WritebackResult.Applied => new HelpdeskOutcome.NothingToDo(),
            var other => new HelpdeskOutcome.NotDone(other?.Why ?? WritebackReason.NoAgent),
        };

    /// <summary>A password of the portal's own has no lock there.</summary>
    private async Task<bool> IsInDirectoryAsync(User whom) =>
        whom.Connector is not null
        && (await tenants.FindByDomainAsync(whom.Domain, CancellationToken.None))?.Domain
            is { PasswordManagement: not PasswordManagement.CloudOnly };
}
