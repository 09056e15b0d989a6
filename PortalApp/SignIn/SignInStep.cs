using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Captcha;
using PortalApp.Data;
using PortalApp.SignIn.Attempts;
using PortalApp.SignIn.Passwords;
using PortalApp.SignIn.SecondFactor;
using PortalApp.SignIn.Sessions;
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
    SecondFactors factors,
    SessionStore sessions,
    FailureStore failures,
    FailureBudgets budgets,
    FamiliarPlaces familiar,
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

        return await JudgeAsync(attempt, () => passwords.IsRightAsync(attempt.User?.Id, typed, cancellation), ProveAsync, cancellation);

        async Task<SignInAnswer> ProveAsync(PortalDb db)
        {
            var (row, now) = (attempt.Row, clock.GetUtcNow());
            row.PasswordAt = now;
            if (attempt.Stage == AttemptStage.Done)
            {
                return await SignInAsync(db, attempt, withSecondFactor: false, cancellation);
            }

            var moved = await db.Set<Attempt>()
                .Where(a => a.Id == row.Id && a.KeyHash == row.KeyHash && a.PasswordAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.PasswordAt, now), cancellation);
            return moved == 1 ? new SignInAnswer.Done(null) : new SignInAnswer.MovedOn();
        }
    }

    /// <param name="typed">A code of the authenticator app, or a recovery code.</param>
    public async Task<SignInAnswer> SecondFactorAsync(StandingAttempt attempt, string typed, CancellationToken cancellation) =>
        attempt is { Stage: AttemptStage.SecondFactor, User: { } user }
            ? await JudgeAsync(
                attempt,
                () => factors.IsRightAsync(user.Id, typed, cancellation),
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
        await familiar.RememberAsync(db, user.Tenant, row.Subject, row.Browser, new(row.Network), cancellation);
        var key = sessions.Begin(db, user, withSecondFactor, row.Network);
        await db.SaveChangesAsync(cancellation);
        return new SignInAnswer.Done(key);
    }

    private async Task<SignInAnswer> JudgeAsync(
        StandingAttempt attempt,
        Func<Task<bool>> isRight,
        Func<PortalDb, Task<SignInAnswer>> prove,
        CancellationToken cancellation
    )
    {
        var row = attempt.Row;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var caller = new Caller(new(row.Network), row.Familiarity);
        if (!await MayCompareAsync(db, row, caller, cancellation))
        {
            await FailedAsync(row, "as many wrong answers as may be tried", cancellation);
            return new SignInAnswer.Limited();
        }

        if (!await isRight())
        {
            await throttle.TakeAsync(limits.SignInFailuresOfNetwork, row.Network, cancellation);
            if (row.Tenant is { } tenant)
            {
                await budgets.CountAsync(tenant, cancellation);
            }

            await FailedAsync(row, attempt.Stage == AttemptStage.Password ? "password" : "second factor", cancellation);
            return new SignInAnswer.Wrong();
        }

        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var answer = await prove(db);
        if (answer is SignInAnswer.Done)
        {
            await all.CommitAsync(cancellation);
        }

        return answer;
    }

    /// <summary>A name in no tenant's domain has nobody whose failures could be counted, and is bounded by its place alone.</summary>
    private async Task<bool> MayCompareAsync(PortalDb db, Attempt row, Caller caller, CancellationToken cancellation) =>
        row.Tenant is { } tenant
            ? await failures.TakeAsync(db, tenant, row.Subject, caller, cancellation) is FailureVerdict.Allowed
            : await throttle.TakeAsync(db, limits.FailuresFromPlace, $"{row.Subject}/{caller.Place}", cancellation);

    private async Task FailedAsync(Attempt row, string what, CancellationToken cancellation)
    {
        lines.Say($"sign-in {row.Tenant} {what}", more => logger.SignInFailed(row.Tenant, what, more));
        await audit.WriteAsync(
            new(AuditEventId.SignInFailed, row.Tenant, Actor.Visitor)
            {
                Subject = row.UserId is { } id ? AuditSubject.User(id) : null,
                Network = row.Network,
                Detail = what,
            },
            cancellation
        );
    }
}
