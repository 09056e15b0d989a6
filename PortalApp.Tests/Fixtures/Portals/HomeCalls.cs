using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Policy;
using PortalApp.Data;
using PortalApp.Passwords;
using PortalApp.Users;
using PortalApp.Writeback;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>What a use case does with a home: a transaction, the request's row in it, the commit, the sending.</summary>
internal static class HomeCalls
{
    public static Task<RequestAdding> SetPasswordAsync(this IServiceProvider portal, User user, string password) =>
        portal.AskHomeAsync((home, db) => home.SetAsync(db, user, NewPassword.TryCreate(password)!, new(null, null), default));

    /// <param name="commits">False undoes the transaction in which the request was added.</param>
    public static async Task<RequestAdding> AskHomeAsync(
        this IServiceProvider portal,
        Func<OnPremisesHome, PortalDb, Task<RequestAdding>> ask,
        bool commits = true
    )
    {
        await using var db = await portal.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        await db.RelaxAsync(default);
        await using var transaction = await db.Database.BeginTransactionAsync();
        var adding = await ask(portal.GetRequiredService<OnPremisesHome>(), db);
        if (commits && adding is RequestAdding.Added added)
        {
            await transaction.CommitAsync();
            await added.Send();
        }

        return adding;
    }
}
