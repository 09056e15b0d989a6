using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Authenticators;
using PortalApp.Authenticators.Apps;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.SignIn.Attempts;
using PortalApp.Users;

namespace PortalApp.SignIn.SecondFactor;

/// <summary>What somebody proves at the sign-in beside the password, each proof once: an authenticator app or a recovery code.</summary>
internal sealed class SecondFactors(AuthenticatorApps apps, RecoveryCodeLists codes)
{
    public async Task<bool> IsSetUpAsync(string? userId, CancellationToken cancellation) =>
        await apps.FindAsync(userId ?? "", AuthenticatorUse.SignIn, cancellation) is not null;

    public WrappedValue Wrap(byte[] secret) => apps.Wrap(secret);

    public byte[] Unwrap(byte[] wrapped, int keyNumber) => apps.Unwrap(wrapped, keyNumber);

    /// <summary>True once for each code of the app, and for each recovery code.</summary>
    public async Task<bool> IsRightAsync(string userId, string typed, CancellationToken cancellation) =>
        await apps.UseAsync(userId, AuthenticatorUse.SignIn, typed, cancellation)
        || await codes.UseAsync(userId, AuthenticatorUse.SignIn, typed, cancellation);

    /// <summary>In the place of what was there, within the caller's transaction.</summary>
    /// <param name="typed">A code that the app shows now.</param>
    /// <returns>New recovery codes, to be shown once; null where the code is wrong.</returns>
    public async Task<IReadOnlyList<string>?> SetUpAsync(
        PortalDb db,
        User user,
        byte[] secret,
        string typed,
        CancellationToken cancellation
    )
    {
        var by = Actor.User(user.Id);
        return await apps.SetUpAsync(db, user, AuthenticatorUse.SignIn, secret, typed, by, cancellation) is AppAnswer.Done
            ? await codes.MakeAsync(db, user, AuthenticatorUse.SignIn, by, cancellation)
            : null;
    }

    /// <summary>For <see cref="WrappedRows"/>: the secrets that are being set up.</summary>
    public static async Task<int> RewrapBegunAsync(PortalDb db, MasterKey master, CancellationToken cancellation)
    {
        var newest = master.Number;
        var begun = await db.Set<Attempt>()
            .AsNoTracking()
            .Where(a => a.Secret != null && a.KeyNumber != newest)
            .Take(WrappedRows.AtOnce)
            .ToListAsync(cancellation);
        foreach (var row in begun)
        {
            var anew = AuthenticatorApps.Rewrap(master, row.Secret!, row.KeyNumber);
            await db.Set<Attempt>()
                .Where(a => a.Id == row.Id && a.KeyNumber == row.KeyNumber)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(a => a.Secret, anew.Bytes).SetProperty(a => a.KeyNumber, anew.KeyNumber),
                    cancellation
                );
        }

        return begun.Count;
    }
}
