using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Helpdesk.Actions;
using PortalApp.Helpdesk.Approvals;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Helpdesk.TemporaryPasswords;

/// <summary>
/// An administrator's reset (M5), or one with a second person's approval: a generated password, shown once to who asked for it and kept nowhere,
/// which its owner has to change at the next sign-in. By the same way as any other set, and so at most once.
/// </summary>
internal sealed class TemporaryPasswordStep(
    IDbContextFactory<PortalDb> databases,
    TemporaryRights rights,
    ApprovalStore approvals,
    RequestWatch watch,
    HelpdeskDeeds deeds,
    TimeProvider clock
)
{
    /// <summary>Whoever presses sooner than that after somebody else has not seen that it is done.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Longer than the longest deadline (300 s) and what is added to it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(6);

    /// <summary>Whether the password's home takes one, by which rules, and whether its owner can be made to change it: asked before anybody presses.</summary>
    public async Task<TemporaryAnswer> LookAsync(SignedIn me, string id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var (may, _, why) = await FindAsync(db, me, id, cancellation);
        if (may is not { Whom: var whom, Home: var home })
        {
            return new TemporaryAnswer.Refused(why);
        }

        if (await home.CheckAsync(db, whom, OriginOf(me), cancellation) is not RequestAdding.Added check)
        {
            return new TemporaryAnswer.Busy();
        }

        await all.CommitAsync(cancellation);
        await check.Send();
        return await watch.WaitAsync(whom.Tenant, check.Id, VerifySubject.Patience, cancellation) switch
        {
            WritebackResult.Settable found => new TemporaryAnswer.May(found),
            { Why: var said } => new TemporaryAnswer.NotSet(said),
            null => new TemporaryAnswer.NotSet(null),
        };
    }

    /// <summary>Not cancelled by a page that goes away: what was begun is carried to its end.</summary>
    /// <param name="found">As <see cref="LookAsync"/> told it.</param>
    public async Task<TemporaryAnswer> SetAsync(SignedIn me, string id, string reason, WritebackResult.Settable found)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            return new TemporaryAnswer.Refused(HelpdeskRefusal.NoReason);
        }

        var generated = GeneratedPassword.For(found.Rules);
        await using var db = await databases.CreateDbContextAsync();
        await using var all = await db.Database.BeginTransactionAsync();
        var (may, approved, why) = await FindAsync(db, me, id, CancellationToken.None);
        if (may is not { Whom: var whom, Home: var home })
        {
            return new TemporaryAnswer.Refused(why);
        }

        var trace = approved ?? AuditTrace.New();

        var set = await home.SetTemporaryAsync(
            db,
            whom,
            generated.Password,
            mustChange: !found.NeverExpires,
            OriginOf(me, trace),
            CancellationToken.None
        );
        if (set is not RequestAdding.Added added)
        {
            return new TemporaryAnswer.Busy();
        }

        // Looked for with this request in its place: of two who press at once the second finds the first, open or ended.
        if (await IsJustSetAsync(db, whom))
        {
            return new TemporaryAnswer.JustSet();
        }

        if (approved is not null && !await approvals.UseAsync(db, me, id, CancellationToken.None))
        {
            return new TemporaryAnswer.Refused(HelpdeskRefusal.NotApproved);
        }

        deeds.Record(db, me, whom, "SetTemporaryPassword", reason, trace, added.Id.Value);
        await db.SaveChangesAsync();
        await all.CommitAsync();
        await added.Send();
        return await watch.WaitAsync(whom.Tenant, added.Id, LongestWait, CancellationToken.None) switch
        {
            WritebackResult.Applied applied => new TemporaryAnswer.Set(generated, applied.StaysLocked),
            WritebackResult.Unknown or null => new TemporaryAnswer.MayBeSet(generated),
            { Why: var said } => new TemporaryAnswer.NotSet(said),
        };
    }

    private Task<bool> IsJustSetAsync(PortalDb db, User whom)
    {
        var since = clock.GetUtcNow() - Pause;
        return db.Set<Request>()
            .Where(r => r.Tenant == whom.Tenant && r.Anchor == whom.Id && r.Kind == RequestKind.AdministratorReset)
            .AnyAsync(r => r.EndedAt > since && (r.Outcome == RequestOutcome.Applied || r.Outcome == RequestOutcome.Unknown));
    }

    /// <returns>The right, and the trace of the approval where one is needed; or null and why not.</returns>
    private async Task<(TemporaryRight.May? May, string? Approved, HelpdeskRefusal Why)> FindAsync(
        PortalDb db,
        SignedIn me,
        string id,
        CancellationToken cancellation
    ) =>
        await rights.OfAsync(db, me, id, cancellation) switch
        {
            TemporaryRight.Refused { Why: var why } => (null, null, why),
            TemporaryRight.May { NeedsApproval: false } may => (may, null, default),
            TemporaryRight.May may when await approvals.TraceAsync(db, me, id, cancellation) is { } trace => (may, trace, default),
            _ => (null, null, HelpdeskRefusal.NotApproved),
        };

    private static RequestOrigin OriginOf(SignedIn me, string? trace = null) => new(null, trace, me.User.Id);
}
