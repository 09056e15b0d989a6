using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Desk;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.Administration.People;

/// <summary>What a page says of a change.</summary>
/// <param name="Denied">Whoever asked may not.</param>
/// <param name="Wrong">What was typed or chosen cannot be.</param>
internal sealed record GroupAnswer(bool IsDone, string? Denied, string? Wrong);

/// <summary>Carries out an administrator's change of a group. Who does it is looked up anew: a role that was taken away meanwhile changes nothing (H95).</summary>
internal sealed class GroupChanges(DeskPerson desk, IDbContextFactory<PortalDb> databases)
{
    public async Task<GroupAnswer> TryAsync(Func<PortalDb, SignedIn, Task<ChangeOutcome<Group>>> change)
    {
        var (me, why) = await desk.MayAsync(Role.Administrator);
        if (me is null)
        {
            return new(false, why, null);
        }

        return await databases.ChangeAsync(db => change(db, me), default) switch
        {
            ChangeOutcome<Group>.Done => new(true, null, null),
            ChangeOutcome<Group>.Wrong { Errors: [var first, ..] } => new(false, null, first.Sentence),
            _ => new(false, null, null),
        };
    }
}
