using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Captcha;
using PortalApp.Data;
using PortalApp.Passwords.Hashes;
using PortalApp.SignIn.Attempts;
using PortalApp.SignIn.Passwords;
using PortalApp.SignIn.SecondFactor;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;
using PortalApp.Throttle.Familiar;

namespace PortalApp.SignIn;

/// <summary>What came of a form of the sign-in. Closed: the cases below.</summary>
internal abstract record SignInAnswer
{
    private SignInAnswer() { }

    /// <param name="Session">The key of a new session; null where more is asked for.</param>
    public sealed record Done(string? Session) : SignInAnswer;

    /// <summary>Not right, whichever part of it: the same for a name without an account.</summary>
    public sealed record Wrong : SignInAnswer;

    /// <summary>From here, or for this name, nothing more is compared at the moment.</summary>
    public sealed record Limited : SignInAnswer;

    public sealed record CaptchaWrong : SignInAnswer;

    /// <summary>The organisation's directory is not reached, whoever asks.</summary>
    public sealed record Unreachable : SignInAnswer;

    /// <summary>Too many sign in there at this moment.</summary>
    public sealed record Busy : SignInAnswer;

    /// <summary>Right, and another password has to be chosen first.</summary>
    public sealed record Due : SignInAnswer;

    /// <summary>Another tab has moved the attempt on.</summary>
    public sealed record MovedOn : SignInAnswer;
}

/// <summary>
/// Compares what somebody types to sign in. Counted before it is compared (H11), for names without an account alike; strangers use up a share
/// of what may be tried for a person and no more (H14).
/// </summary>
internal sealed class SignInStep(
    IDbContextFactory<PortalDb> databases,
    UserPasswords passwords,
    DirectoryPasswords directory,
    TenantStore tenants,
    SecondFactors factors,
    SessionStore sessions,
    FailureStore failures,
    FailureBudgets budgets,
    FamiliarPlaces familiar,
    NewPlaceNotice newPlace,
    ThrottleStore throttle,
    CaptchaVerifier captcha,
    Limits limits,
    BoundedAudit audit,
    LogPerMinute lines,
    TimeProvider clock,
    ILogger<SignInStep> logger
)
{
    /// <summary>Whether the password's form goes with a captcha: after some failures from this network, or while many guess.</summary>
    public async Task<bool> WantsCaptchaAsync(StandingAttempt attempt, CancellationToken cancellation) =>
        await throttle.UsedUpUntilAsync(limits.SignInFailuresOfNetwork, attempt.Row.Network, cancellation) is not null
        || await budgets.AreUsedUpAsync(attempt.Row.Tenant, cancellation);

    public async Task<SignInAnswer> PasswordAsync(StandingAttempt attempt, string typed, string? solution, CancellationToken cancellation)
    {
        if (attempt.Stage != AttemptStage.Password)
        {
            return new SignInAnswer.MovedOn();
        }

        if (
            await WantsCaptchaAsync(attempt, cancellation)
            && await captcha.VerifyAsync(solution, cancellation) is not CaptchaVerdict.Passed { Purpose.IsFirst: true }
        )
        {
            return new SignInAnswer.CaptchaWrong();
        }

        return await DirectoryOfAsync(attempt, cancellation) is { } domain
            ? await AskDirectoryAsync(attempt, domain, typed, ProveAsync, cancellation)
            : await JudgeAsync(attempt, null, () => CompareAsync(attempt.User?.Id, typed, cancellation), ProveAsync, cancellation);

        async Task<SignInAnswer> ProveAsync(PortalDb db)
        {
            var row = attempt.Row;
            row.PasswordAt = clock.GetUtcNow();
            if (attempt.Stage == AttemptStage.Done)
            {
                return await SignInAsync(db, attempt, withSecondFactor: false, cancellation);
            }

            return await MoveOnAsync(db, row, cancellation);
        }
    }

    /// <summary>The first proof is given, and more is asked for; within the caller's transaction.</summary>
    public static async Task<SignInAnswer> MoveOnAsync(PortalDb db, Attempt row, CancellationToken cancellation)
    {
        var moved = await db.Set<Attempt>()
            .Where(a => a.Id == row.Id && a.KeyHash == row.KeyHash && a.PasswordAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordAt, row.PasswordAt), cancellation);
        return moved == 1 ? new SignInAnswer.Done(null) : new SignInAnswer.MovedOn();
    }

    public async Task<SignInAnswer> SecondFactorAsync(StandingAttempt attempt, FactorProof proof, CancellationToken cancellation) =>
        attempt is { Stage: AttemptStage.SecondFactor, User: { } user }
            ? await JudgeAsync(
                attempt,
                null,
                async () => Of(await factors.IsRightAsync(user.Id, proof, cancellation)),
                db => SignInAsync(db, attempt, withSecondFactor: true, cancellation),
                cancellation
            )
            : new SignInAnswer.MovedOn();

    /// <summary>All that is asked for was proved: the session begins, and what was counted is forgotten.</summary>
    public async Task<SignInAnswer> SignInAsync(PortalDb db, StandingAttempt attempt, bool withSecondFactor, CancellationToken cancellation)
    {
        var row = attempt.Row;
        if (!await AttemptStore.EndAsync(db, row, cancellation))
        {
            return new SignInAnswer.MovedOn();
        }

        var user = attempt.User!;
        await failures.ForgetAsync(db, user.Tenant, row.Subject, cancellation);
        await newPlace.AddAsync(db, row, user, cancellation);
        await familiar.RememberAsync(db, user.Tenant, row.Subject, row.Browser, new(row.Network), cancellation);
        var key = sessions.Begin(db, user, withSecondFactor, row.Network, attempt.Provider?.Issuer);
        await db.SaveChangesAsync(cancellation);
        return new SignInAnswer.Done(key);
    }

    /// <summary>Null where the name's password would live in the portal.</summary>
    private async Task<Domain?> DirectoryOfAsync(StandingAttempt attempt, CancellationToken cancellation)
    {
        var name = attempt.Row.UserPrincipalName;
        var home = await tenants.FindByDomainAsync(name[(name.LastIndexOf('@') + 1)..], cancellation);
        return home is { Domain: { PasswordManagement: not PasswordManagement.CloudOnly } domain } && domain.Tenant == attempt.Row.Tenant
            ? domain
            : null;
    }

    private async Task<SignInAnswer> AskDirectoryAsync(
        StandingAttempt attempt,
        Domain domain,
        string typed,
        Func<PortalDb, Task<SignInAnswer>> prove,
        CancellationToken cancellation
    )
    {
        var posted = clock.GetTimestamp();
        var answer =
            domain.PasswordManagement == PasswordManagement.PasswordHashSync || await directory.IsReachedAsync(domain, cancellation)
                ? await JudgeAsync(
                    attempt,
                    limits.DirectoryPasswords,
                    // Not cancelled by a browser that goes away: what was asked is counted.
                    () => directory.ProveAsync(domain, attempt.Row.Subject, attempt.User, typed, CancellationToken.None),
                    prove,
                    cancellation
                )
                : new SignInAnswer.Unreachable();
        if (answer is not (SignInAnswer.Done or SignInAnswer.MovedOn))
        {
            await directory.WaitForFloorAsync(posted, cancellation);
        }

        return answer;
    }

    private async Task<SignInAnswer> JudgeAsync(
        StandingAttempt attempt,
        SharedLimit? own,
        Func<Task<PasswordProof>> compare,
        Func<PortalDb, Task<SignInAnswer>> prove,
        CancellationToken cancellation
    )
    {
        var row = attempt.Row;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var caller = new Caller(new(row.Network), row.Familiarity);
        if (!await MayCompareAsync(db, row, caller, own, cancellation))
        {
            await FailedAsync(row, "as many wrong answers as may be tried", null, cancellation);
            return new SignInAnswer.Limited();
        }

        switch (await compare())
        {
            case PasswordProof.Right:
                return await ProveAsync(db, prove, cancellation);
            case PasswordProof.Due(var state):
                await FailedAsync(row, $"a right password that is {state}", null, CancellationToken.None);
                await db.Set<Attempt>()
                    .Where(a => a.Id == row.Id && a.KeyHash == row.KeyHash)
                    .ExecuteUpdateAsync(set => set.SetProperty(a => a.Due, state), CancellationToken.None);
                return new SignInAnswer.Due();
            case PasswordProof.Unreachable:
                return new SignInAnswer.Unreachable();
            case PasswordProof.Busy:
                return new SignInAnswer.Busy();
            case PasswordProof.Wrong(var why):
                await throttle.TakeAsync(limits.SignInFailuresOfNetwork, row.Network, CancellationToken.None);
                if (row.Tenant is { } tenant)
                {
                    await budgets.CountAsync(tenant, CancellationToken.None);
                }

                await FailedAsync(row, attempt.Stage == AttemptStage.Password ? "password" : "second factor", why, CancellationToken.None);
                return new SignInAnswer.Wrong();
            default:
                throw new UnreachableException();
        }
    }

    /// <param name="id">Null where the name has no account.</param>
    private async Task<PasswordProof> CompareAsync(string? id, string typed, CancellationToken cancellation)
    {
        var isRight = await passwords.IsRightAsync(id, typed, cancellation);
        return isRight && await passwords.IsTemporaryAsync(id!, cancellation)
            ? new PasswordProof.Due(PasswordState.MustChange)
            : Of(isRight);
    }

    private static PasswordProof Of(bool isRight) => isRight ? new PasswordProof.Right() : new PasswordProof.Wrong();

    private async Task<SignInAnswer> ProveAsync(PortalDb db, Func<PortalDb, Task<SignInAnswer>> prove, CancellationToken cancellation)
    {
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var answer = await prove(db);
        if (answer is SignInAnswer.Done)
        {
            await all.CommitAsync(cancellation);
            newPlace.Wake();
        }

        return answer;
    }

    /// <summary>A name in no tenant's domain has nobody whose failures could be counted, and is bounded by its place alone.</summary>
    /// <param name="own">What is bounded besides, for the name.</param>
    private async Task<bool> MayCompareAsync(PortalDb db, Attempt row, Caller caller, SharedLimit? own, CancellationToken cancellation)
    {
        return row.Tenant is { } tenant
            ? await failures.TryTakeAsync(db, tenant, row.Subject, caller, own, cancellation)
            : await throttle.TakeAsync(db, limits.FailuresFromPlace, $"{row.Subject}/{caller.Place}", cancellation);
    }

    public async Task FailedAsync(Attempt row, string what, WritebackReason? why, CancellationToken cancellation)
    {
        lines.Say($"sign-in {row.Tenant} {what}", more => logger.SignInFailed(row.Tenant, what, more));
        await audit.WriteAsync(
            new(AuditEventId.SignInFailed, row.Tenant, Actor.Visitor)
            {
                Subject = row.UserId is { } id ? AuditSubject.User(id) : null,
                Network = row.Network,
                Reason = why?.ToString(),
                Detail = what,
            },
            cancellation
        );
    }
}
