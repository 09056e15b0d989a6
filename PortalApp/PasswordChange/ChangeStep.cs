using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.DirectorySync;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Passwords;
using PortalApp.SignIn.Attempts;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;
using PortalApp.Users;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.PasswordChange;

/// <summary>What came of the form. Closed: the cases below.</summary>
internal abstract record ChangeAnswer
{
    private ChangeAnswer() { }

    /// <summary>The request's row tells what comes of it.</summary>
    public sealed record Asked(RequestId Request) : ChangeAnswer;

    /// <summary>Surely not the current one: nobody was asked.</summary>
    public sealed record CurrentWrong : ChangeAnswer;

    public sealed record NewWrong(IReadOnlyList<RuleBroken> Reasons) : ChangeAnswer;

    public sealed record Differ : ChangeAnswer;

    /// <summary>As many wrong passwords as may be tried; none was.</summary>
    public sealed record Limited : ChangeAnswer;

    /// <summary>The organisation's directory is not reached, whoever asks.</summary>
    public sealed record Unreachable : ChangeAnswer;

    /// <summary>The person says that what was done with their account was not them.</summary>
    public sealed record Disputed : ChangeAnswer;

    /// <summary>Another request of the person is open.</summary>
    public sealed record Busy : ChangeAnswer;
}

/// <summary>
/// Puts another password in the place of the one that its owner knows, wherever it lives (M4). Wrong ones count with those of the sign-in, before
/// they are tried.
/// </summary>
internal sealed class ChangeStep(
    IDbContextFactory<PortalDb> databases,
    TenantStore tenants,
    PasswordHomes homes,
    FailureStore failures,
    RequestStore requests,
    Limits limits,
    TimeProvider clock
)
{
    private static readonly TimeSpan TurnWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TurnPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>What can be said of a new password before anybody is asked.</summary>
    public async Task<PasswordRules?> KnownRulesAsync(Changer who, CancellationToken cancellation) =>
        homes.Of((await DomainOfAsync(who, cancellation)).PasswordManagement).KnownRules(who.User);

    /// <summary>
    /// Why the directory's account takes no change, as of the last synchronisation; null where it may, or a sign-in led here, for which the
    /// directory was asked just now.
    /// </summary>
    public async Task<WritebackReason?> ShutAsync(Changer who, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return who.Session is null || (await DomainOfAsync(who, cancellation)).PasswordManagement == PasswordManagement.CloudOnly
            ? null
            : who.User switch
            {
                { Shut: AccountShut.Disabled } => WritebackReason.Disabled,
                { Shut: AccountShut.SmartCard } => WritebackReason.SmartCardRequired,
                { AccountEndsAt: { } end } when end <= now => WritebackReason.AccountExpired,
                _ => null,
            };
    }

    /// <summary>Null for what is not a change of that person.</summary>
    public async Task<Request?> FindAsync(Changer who, string request, CancellationToken cancellation) =>
        await requests.FindAsync(who.Tenant.Id, new RequestId(request), cancellation) is { Kind: RequestKind.Change } row
        && row.Anchor == who.User.Id
            ? row
            : null;

    /// <summary>Not cancelled by a browser that goes away: what was begun is carried to its end.</summary>
    public async Task<ChangeAnswer> ChangeAsync(Changer who, string current, string typed, string confirmed)
    {
        var domain = await DomainOfAsync(who, CancellationToken.None);
        var home = homes.Of(domain.PasswordManagement);

        // Before the current one is tried: a slip in the new one costs none of what may be.
        var verdict = await home.JudgeAsync(who.User, null, typed, CancellationToken.None);
        if (verdict is not PolicyVerdict.Accepted(var password))
        {
            return new ChangeAnswer.NewWrong(((PolicyVerdict.Rejected)verdict).Reasons);
        }

        if (!typed.Equals(confirmed, StringComparison.Ordinal))
        {
            return new ChangeAnswer.Differ();
        }

        if (CurrentPassword.TryCreate(current) is not { } old)
        {
            return new ChangeAnswer.CurrentWrong();
        }

        return await home.HealthAsync(domain, CancellationToken.None) is HealthAnswer.Up
            ? await AskAsync(who, domain, home, old, password)
            : new ChangeAnswer.Unreachable();
    }

    /// <summary>Waits a while for its turn: who types a password does not know that somebody else tries one in that name.</summary>
    private async Task<ChangeAnswer> AskAsync(Changer who, Domain domain, IPasswordHome home, CurrentPassword current, NewPassword password)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            var answer = await TryAskAsync(who, domain, home, current, password);
            if (answer is not ChangeAnswer.Busy || clock.GetElapsedTime(begun) > TurnWait)
            {
                return answer;
            }

            await Task.Delay(TurnPoll, clock);
        }
    }

    private async Task<ChangeAnswer> TryAskAsync(
        Changer who,
        Domain domain,
        IPasswordHome home,
        CurrentPassword current,
        NewPassword password
    )
    {
        var (tenant, subject) = (who.Tenant.Id, AttemptStore.SubjectOf(who.User));
        var own = domain.PasswordManagement == PasswordManagement.CloudOnly ? null : limits.DirectoryPasswords;
        await using var db = await databases.CreateDbContextAsync();
        await using var all = await db.Database.BeginTransactionAsync();
        if (await db.Set<User>().AnyAsync(u => u.Id == who.User.Id && u.DisputedAt != null))
        {
            return new ChangeAnswer.Disputed();
        }

        var origin = new RequestOrigin(null, null);
        if (
            await home.ChangeAsync(db, who.User, subject, current, password, origin, CancellationToken.None)
            is not RequestAdding.Added added
        )
        {
            return new ChangeAnswer.Busy();
        }

        if (!await failures.TryTakeAsync(db, tenant, subject, who.Caller, own, CancellationToken.None))
        {
            return new ChangeAnswer.Limited();
        }

        db.Add(
            new Change
            {
                Request = added.Id.Value,
                Tenant = tenant,
                UserId = who.User.Id,
                Subject = subject,
                Session = who.Session,
                Language = CultureInfo.CurrentUICulture.Name,
                Network = who.Caller.Network.Value,
                AskedAt = clock.GetUtcNow(),
            }
        );
        await db.SaveChangesAsync();
        await all.CommitAsync();
        await added.Send();
        return new ChangeAnswer.Asked(added.Id);
    }

    private async Task<Domain> DomainOfAsync(Changer who, CancellationToken cancellation) =>
        (await tenants.FindByDomainAsync(who.User.Domain, cancellation))?.Domain ?? throw new UnreachableException();
}
