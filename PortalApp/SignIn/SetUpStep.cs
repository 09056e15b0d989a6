using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Policy;
using PortalApp.Audit;
using PortalApp.Authenticators.Apps;
using PortalApp.Data;
using PortalApp.Passwords.Hashes;
using PortalApp.Passwords.Rules;
using PortalApp.SignIn.Attempts;
using PortalApp.SignIn.Invitations;
using PortalApp.SignIn.SecondFactor;
using PortalApp.SignIn.Sessions;

namespace PortalApp.SignIn;

/// <summary>What came of a form of the setting up. Closed: the cases below.</summary>
internal abstract record SetUpAnswer
{
    private SetUpAnswer() { }

    /// <param name="Session">The key of a new session; null where more is to be set up.</param>
    /// <param name="RecoveryCodes">To be shown once; empty where none were made.</param>
    public sealed record Done(string? Session, IReadOnlyList<string> RecoveryCodes) : SetUpAnswer;

    /// <param name="Reasons">Empty where only the two differ.</param>
    public sealed record PasswordWrong(IReadOnlyList<RuleBroken> Reasons) : SetUpAnswer;

    /// <summary>The app shows another code, or its clock is off; or the device's answer is not one to what was asked.</summary>
    public sealed record CodeWrong : SetUpAnswer;

    public sealed record MovedOn : SetUpAnswer;
}

/// <summary>Leads somebody with a one-time link through password and second factor; whatever session there was before is ended.</summary>
internal sealed class SetUpStep(
    IDbContextFactory<PortalDb> databases,
    InvitationStore invitations,
    AttemptStore attempts,
    UserPasswords passwords,
    PortalRules rules,
    SecondFactors factors,
    SignInStep signIn,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <summary>The press on the link's page.</summary>
    /// <returns>The key for the attempt's cookie; null where the link works no more.</returns>
    public async Task<string?> BeginAsync(string key, SignInVisitor visitor, CancellationToken cancellation)
    {
        if (await invitations.FindAsync(key, cancellation) is not { } user)
        {
            return null;
        }

        await using (var db = await databases.CreateDbContextAsync(cancellation))
        {
            if (!await invitations.UseAsync(db, key, cancellation))
            {
                return null;
            }
        }

        return await attempts.BeginSetUpAsync(user, visitor, cancellation);
    }

    public async Task<SetUpAnswer> PasswordAsync(StandingAttempt attempt, string typed, string confirmed, CancellationToken cancellation)
    {
        if (attempt is not { Stage: AttemptStage.NewPassword, User: { } user, Row: var row })
        {
            return new SetUpAnswer.MovedOn();
        }

        var verdict = await rules.JudgeAsync(user, typed, cancellation);
        if (verdict is not PolicyVerdict.Accepted(var password))
        {
            return new SetUpAnswer.PasswordWrong(((PolicyVerdict.Rejected)verdict).Reasons);
        }

        if (!typed.Equals(confirmed, StringComparison.Ordinal))
        {
            return new SetUpAnswer.PasswordWrong([]);
        }

        var hash = passwords.HashOf(password);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        await passwords.SetAsync(db, user.Tenant, user.Id, hash, cancellation);
        await SessionStore.EndAllAsync(db, user.Tenant, user.Id, cancellation);
        Record(db, user, "set a password by a one-time link");
        await db.SaveChangesAsync(cancellation);
        row.PasswordAt = clock.GetUtcNow();
        var answer =
            attempt.Stage == AttemptStage.Done
                ? await signIn.SignInAsync(db, attempt, withSecondFactor: false, cancellation)
                : await SignInStep.MoveOnAsync(db, row, cancellation);
        if (answer is not SignInAnswer.Done { Session: var session })
        {
            return new SetUpAnswer.MovedOn();
        }

        await all.CommitAsync(cancellation);
        return new SetUpAnswer.Done(session, []);
    }

    /// <summary>The secret that is being set up; the same however often the page is looked at.</summary>
    public async Task<byte[]> SecretAsync(StandingAttempt attempt, CancellationToken cancellation)
    {
        var row = attempt.Row;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (row.Secret is null)
        {
            var (wrapped, number) = factors.Wrap(Totp.NewSecret());
            await db.Set<Attempt>()
                .Where(a => a.Id == row.Id && a.Secret == null)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.Secret, wrapped).SetProperty(a => a.KeyNumber, number), cancellation);
            row = await db.Set<Attempt>().AsNoTracking().SingleAsync(a => a.Id == row.Id, cancellation);
        }

        return factors.Unwrap(row.Secret!, row.KeyNumber);
    }

    public async Task<SetUpAnswer> AuthenticatorAsync(StandingAttempt attempt, string typed, CancellationToken cancellation)
    {
        if (attempt is not { Stage: AttemptStage.NewAuthenticator, User: { } user })
        {
            return new SetUpAnswer.MovedOn();
        }

        var secret = await SecretAsync(attempt, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var codes = await factors.SetUpAppAsync(db, user, secret, typed, cancellation);
        return await GoOnAsync(db, all, attempt, codes, cancellation);
    }

    /// <summary>What the browser is to ask of a device, as JSON; the same however often the page is looked at.</summary>
    /// <param name="shown">What the device shows of it beside the user ID.</param>
    public async Task<string> AskPasskeyAsync(StandingAttempt attempt, string shown, CancellationToken cancellation) =>
        attempt is { User: { } user, Tenant: { } tenant, Row: var row }
            ? await factors.AskNewAsync(user, tenant, attempt.CeremonyOwner, shown, row.ExpiresAt, cancellation)
            : "";

    /// <param name="credential">What the browser gave, as JSON.</param>
    public async Task<SetUpAnswer> PasskeyAsync(StandingAttempt attempt, string name, string credential, CancellationToken cancellation)
    {
        if (attempt is not { Stage: AttemptStage.NewAuthenticator, User: { } user })
        {
            return new SetUpAnswer.MovedOn();
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var codes = await factors.SetUpPasskeyAsync(db, user, attempt.CeremonyOwner, name, credential, cancellation);
        return await GoOnAsync(db, all, attempt, codes, cancellation);
    }

    /// <param name="codes">That were made with the second factor; null where it was not set up.</param>
    private async Task<SetUpAnswer> GoOnAsync(
        PortalDb db,
        IDbContextTransaction all,
        StandingAttempt attempt,
        IReadOnlyList<string>? codes,
        CancellationToken cancellation
    )
    {
        if (codes is null)
        {
            return new SetUpAnswer.CodeWrong();
        }

        if (await signIn.SignInAsync(db, attempt, withSecondFactor: true, cancellation) is not SignInAnswer.Done { Session: var session })
        {
            return new SetUpAnswer.MovedOn();
        }

        await all.CommitAsync(cancellation);
        return new SetUpAnswer.Done(session, codes);
    }

    private void Record(PortalDb db, Users.User user, string what) =>
        audit.Add(
            db,
            new(AuditEventId.UserChanged, user.Tenant, Actor.User(user.Id))
            {
                Subject = AuditSubject.User(user.Id),
                Detail = $"{user.UserPrincipalName} {what}",
            }
        );
}
