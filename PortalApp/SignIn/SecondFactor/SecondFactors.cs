using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Authenticators;
using PortalApp.Authenticators.Apps;
using PortalApp.Authenticators.Passkeys;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.SignIn.Attempts;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.SignIn.SecondFactor;

/// <summary>What somebody proves at the sign-in beside the password, each proof once: an authenticator app, a passkey or a recovery code.</summary>
internal sealed class SecondFactors(AuthenticatorApps apps, PasskeyStore passkeys, PasskeyCeremonies ceremonies, RecoveryCodeLists codes)
{
    public async Task<FactorsHeld> FindAsync(string? userId, CancellationToken cancellation) =>
        new(
            await apps.FindAsync(userId ?? "", AuthenticatorUse.SignIn, cancellation) is not null,
            await passkeys.ListAsync(userId ?? "", AuthenticatorUse.SignIn, cancellation) is { Count: > 0 }
        );

    public WrappedValue Wrap(byte[] secret) => apps.Wrap(secret);

    public byte[] Unwrap(byte[] wrapped, int keyNumber) => apps.Unwrap(wrapped, keyNumber);

    /// <summary>What the browser is to ask a passkey, as JSON; the same until it is answered.</summary>
    /// <param name="owner">Where it is asked, such as "attempt/17".</param>
    /// <param name="ends">When it is not taken any more.</param>
    public async Task<string?> AskAsync(TenantId tenant, string owner, DateTimeOffset ends, CancellationToken cancellation)
    {
        await ceremonies.AskAsync(tenant, owner, ends, cancellation);
        return await ceremonies.FindAsync(owner, cancellation);
    }

    /// <summary>True once for each proof.</summary>
    public async Task<bool> IsRightAsync(string userId, FactorProof proof, CancellationToken cancellation) =>
        proof switch
        {
            FactorProof.Typed(var code) => await apps.UseAsync(userId, AuthenticatorUse.SignIn, code, cancellation)
                || await codes.UseAsync(userId, AuthenticatorUse.SignIn, code, cancellation),
            FactorProof.Passkey(var owner, var credential) => await ceremonies.IsRightAsync(
                new(userId, AuthenticatorUse.SignIn),
                owner,
                credential,
                cancellation
            ),
            _ => throw new UnreachableException(),
        };

    /// <summary>What the browser is to ask of a device that becomes the second factor, as JSON; the same until it is answered.</summary>
    /// <param name="shown">What the device shows of it beside the user ID.</param>
    public Task<string> AskNewAsync(
        User user,
        Tenant tenant,
        string owner,
        string shown,
        DateTimeOffset ends,
        CancellationToken cancellation
    ) => passkeys.BeginAddAsync(user, tenant, AuthenticatorUse.SignIn, owner, shown, ends, cancellation);

    /// <summary>A passkey in the place of whatever was there, within the caller's transaction.</summary>
    /// <param name="name">As the person will know it.</param>
    /// <returns>New recovery codes, to be shown once; null where the device's answer is not one to what was asked.</returns>
    public async Task<IReadOnlyList<string>?> SetUpPasskeyAsync(
        PortalDb db,
        User user,
        string owner,
        string name,
        string credential,
        CancellationToken cancellation
    )
    {
        var by = Actor.User(user.Id);
        foreach (var older in await passkeys.ListAsync(user.Id, AuthenticatorUse.SignIn, cancellation))
        {
            await passkeys.RemoveAsync(db, user, AuthenticatorUse.SignIn, older.Id, by, cancellation);
        }

        if (await passkeys.AddAsync(db, user, AuthenticatorUse.SignIn, owner, name, credential, by, cancellation) is not PasskeyAnswer.Done)
        {
            return null;
        }

        await apps.RemoveAsync(db, user, AuthenticatorUse.SignIn, by, cancellation);
        return await codes.MakeAsync(db, user, AuthenticatorUse.SignIn, by, cancellation);
    }

    /// <summary>An authenticator app in the place of whatever was there, within the caller's transaction.</summary>
    /// <param name="typed">A code that the app shows now.</param>
    /// <returns>New recovery codes, to be shown once; null where the code is wrong.</returns>
    public async Task<IReadOnlyList<string>?> SetUpAppAsync(
        PortalDb db,
        User user,
        byte[] secret,
        string typed,
        CancellationToken cancellation
    )
    {
        var by = Actor.User(user.Id);
        if (await apps.SetUpAsync(db, user, AuthenticatorUse.SignIn, secret, typed, by, cancellation) is not AppAnswer.Done)
        {
            return null;
        }

        foreach (var older in await passkeys.ListAsync(user.Id, AuthenticatorUse.SignIn, cancellation))
        {
            await passkeys.RemoveAsync(db, user, AuthenticatorUse.SignIn, older.Id, by, cancellation);
        }

        return await codes.MakeAsync(db, user, AuthenticatorUse.SignIn, by, cancellation);
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
