using Microsoft.EntityFrameworkCore;
using PortalApp.Authenticators;
using PortalApp.Authenticators.Apps;
using PortalApp.Authenticators.Passkeys;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.Data;
using PortalApp.Registration.Asking;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.Registration.Owned;

/// <summary>
/// Sets up and removes, for somebody who is signed in, what they prove themselves with at a reset and nothing is sent for: app, passkeys, recovery
/// codes. Whoever calls has made sure that the person was proved (<see cref="Proofs.HolderProofs"/>); every address held is told.
/// </summary>
internal sealed class OwnedChanges(
    IDbContextFactory<PortalDb> databases,
    AuthenticatorApps apps,
    PasskeyStore passkeys,
    RecoveryCodeLists codes,
    RegistrationTermsStore terms,
    RegistrationNotice notice,
    TimeProvider clock
)
{
    private const AuthenticatorUse Use = AuthenticatorUse.Reset;

    /// <summary>As long as the page may stand that asks a device for a passkey.</summary>
    private static readonly TimeSpan ToMake = TimeSpan.FromMinutes(15);

    /// <param name="typed">A code that the app shows now.</param>
    /// <returns>False where it is not of this secret.</returns>
    public async Task<bool> SetUpAppAsync(SignedIn who, byte[] secret, string typed, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var from = now.AddHours((await terms.OfAsync(who.Tenant.Id, cancellation)).WaitHours);
        return await ChangeAsync(
            who,
            async (db, user) => await apps.SetUpAsync(db, user, Use, secret, typed, who.Actor, cancellation, from) is AppAnswer.Done,
            isDone: done => done,
            "App",
            from > now ? from : null,
            cancellation
        );
    }

    public Task<bool> RemoveAppAsync(SignedIn who, CancellationToken cancellation) =>
        ChangeAsync(
            who,
            (db, user) => apps.RemoveAsync(db, user, Use, who.Actor, cancellation),
            done => done,
            "AppRemoved",
            null,
            cancellation
        );

    /// <returns>What the browser is asked, as JSON.</returns>
    public Task<string> AskForPasskeyAsync(SignedIn who, string shown, CancellationToken cancellation) =>
        passkeys.BeginAddAsync(who.User, who.Tenant, Use, Owner(who), shown, clock.GetUtcNow() + ToMake, cancellation);

    public Task<PasskeyAnswer> AddPasskeyAsync(SignedIn who, string name, string credential, CancellationToken cancellation) =>
        ChangeAsync(
            who,
            (db, user) => passkeys.AddAsync(db, user, Use, Owner(who), name, credential, who.Actor, cancellation),
            answer => answer is PasskeyAnswer.Done,
            "Passkey",
            null,
            cancellation
        );

    /// <summary>A name opens nothing, so nobody is told.</summary>
    public async Task<PasskeyAnswer> RenamePasskeyAsync(SignedIn who, long id, string name, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await passkeys.RenameAsync(db, who.User, Use, id, name, who.Actor, cancellation);
    }

    public Task<bool> RemovePasskeyAsync(SignedIn who, long id, CancellationToken cancellation) =>
        ChangeAsync(
            who,
            (db, user) => passkeys.RemoveAsync(db, user, Use, id, who.Actor, cancellation),
            done => done,
            "PasskeyRemoved",
            null,
            cancellation
        );

    /// <returns>The codes, to be shown once.</returns>
    public Task<IReadOnlyList<string>> MakeCodesAsync(SignedIn who, CancellationToken cancellation) =>
        ChangeAsync(who, (db, user) => codes.MakeAsync(db, user, Use, who.Actor, cancellation), _ => true, "Codes", null, cancellation);

    public Task<bool> RemoveCodesAsync(SignedIn who, CancellationToken cancellation) =>
        ChangeAsync(
            who,
            (db, user) => codes.RemoveAsync(db, user, Use, who.Actor, cancellation),
            done => done,
            "CodesRemoved",
            null,
            cancellation
        );

    public async Task<OwnedState> OfAsync(SignedIn who, CancellationToken cancellation) =>
        new(
            await apps.FindAsync(who.User.Id, Use, cancellation),
            await passkeys.ListAsync(who.User.Id, Use, cancellation),
            await codes.LeftAsync(who.User.Id, Use, cancellation)
        );

    private static string Owner(SignedIn who) => $"session/{who.Session}";

    private async Task<T> ChangeAsync<T>(
        SignedIn who,
        Func<PortalDb, User, Task<T>> change,
        Func<T, bool> isDone,
        string what,
        DateTimeOffset? from,
        CancellationToken cancellation
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var user = await db.Set<User>().Include(u => u.Contacts).SingleAsync(u => u.Id == who.User.Id, cancellation);
        var answer = await change(db, user);
        if (!isDone(answer))
        {
            return answer;
        }

        var now = clock.GetUtcNow();
        await DueQuestions.AnswerAsync(db, user, who.Actor, now, cancellation);
        await notice.AddAsync(db, who.Tenant, user, user.ToContactData().AllEmail.Select(e => e.Value), what, from);
        await db.SaveChangesAsync(cancellation);
        await all.CommitAsync(cancellation);
        notice.Wake();
        return answer;
    }
}

/// <summary>What somebody has of it.</summary>
/// <param name="CodesLeft">Recovery codes that still work.</param>
internal sealed record OwnedState(AuthenticatorApp? App, IReadOnlyList<Passkey> Passkeys, int CodesLeft);
