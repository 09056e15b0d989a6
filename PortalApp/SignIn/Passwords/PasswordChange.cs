using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.SignIn.Attempts;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;
using PortalApp.Users;

namespace PortalApp.SignIn.Passwords;

/// <summary>What came of a change. Closed: the five cases below.</summary>
internal abstract record PasswordChanged
{
    private PasswordChanged() { }

    public sealed record Done : PasswordChanged;

    public sealed record CurrentWrong : PasswordChanged;

    /// <summary>As many wrong passwords as may be tried; nothing was compared.</summary>
    public sealed record Limited : PasswordChanged;

    /// <param name="Fault">Null where the two are not the same.</param>
    public sealed record NewWrong(PasswordFault? Fault) : PasswordChanged;

    /// <summary>The password does not live in the portal.</summary>
    public sealed record Elsewhere : PasswordChanged;
}

/// <summary>
/// Puts another password in the place of the one that its owner knows, for people whose password lives in the portal (M4). Wrong ones count with
/// those of the sign-in; all other sessions end, and the person's addresses are told.
/// </summary>
internal sealed class PasswordChange(
    IDbContextFactory<PortalDb> databases,
    TenantStore tenants,
    UserStore users,
    UserPasswords passwords,
    FailureStore failures,
    MessageQueue messages,
    AuditLog audit,
    IStringLocalizer<SignInTexts> texts,
    TimeProvider clock
)
{
    private static readonly TimeSpan NoticeLifetime = TimeSpan.FromDays(3);

    public async Task<bool> LivesHereAsync(User user, CancellationToken cancellation) =>
        (await tenants.FindByDomainAsync(user.Domain, cancellation))?.Domain.PasswordManagement == PasswordManagement.CloudOnly;

    public async Task<PasswordChanged> ChangeAsync(
        SignedIn who,
        NetworkPrefix network,
        string current,
        string typed,
        string confirmed,
        CancellationToken cancellation
    )
    {
        if (!await LivesHereAsync(who.User, cancellation))
        {
            return new PasswordChanged.Elsewhere();
        }

        // Before the current one is compared: a slip in the new one costs none of what may be tried.
        if (UserPasswords.FaultOf(typed, who.User) is { } fault)
        {
            return new PasswordChanged.NewWrong(fault);
        }

        if (!typed.Equals(confirmed, StringComparison.Ordinal))
        {
            return new PasswordChanged.NewWrong(null);
        }

        return await ProveAsync(who, network, current, cancellation) ?? await SetAsync(who, typed, cancellation);
    }

    /// <summary>Null where it is the current one.</summary>
    private async Task<PasswordChanged?> ProveAsync(SignedIn who, NetworkPrefix network, string current, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var caller = new Caller(network, Familiarity.Browser);
        if (
            await failures.TakeAsync(db, who.Tenant.Id, AttemptStore.SubjectOf(who.User), caller, cancellation)
            is not FailureVerdict.Allowed
        )
        {
            return new PasswordChanged.Limited();
        }

        if (await passwords.IsRightAsync(who.User.Id, current, cancellation))
        {
            return null;
        }

        await audit.WriteAsync(
            new(AuditEventId.SignInFailed, who.Tenant.Id, who.Actor)
            {
                Subject = AuditSubject.User(who.User.Id),
                Network = network.Value,
                Detail = "password, to change it",
            },
            cancellation
        );
        return new PasswordChanged.CurrentWrong();
    }

    private async Task<PasswordChanged> SetAsync(SignedIn who, string typed, CancellationToken cancellation)
    {
        var user = (await users.FindAsync(who.Tenant.Id, who.User.Id, cancellation))!;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        await failures.ForgetAsync(db, user.Tenant, AttemptStore.SubjectOf(user), cancellation);
        await passwords.SetAsync(db, user, typed, cancellation);
        await db.Set<Session>().Where(s => s.UserId == user.Id && s.Id != who.Session).ExecuteDeleteAsync(cancellation);
        Tell(db, who.Tenant, user);
        audit.Add(
            db,
            new(AuditEventId.UserChanged, user.Tenant, who.Actor)
            {
                Subject = AuditSubject.User(user.Id),
                Detail = $"{user.UserPrincipalName} changed the password",
            }
        );
        await db.SaveChangesAsync(cancellation);
        await all.CommitAsync(cancellation);
        messages.Wake();
        return new PasswordChanged.Done();
    }

    private void Tell(PortalDb db, Tenant tenant, User user)
    {
        var until = clock.GetUtcNow() + NoticeLifetime;
        var subject = texts["ChangedMailSubject", tenant.Name];
        var text = texts["ChangedMailText", tenant.Name, user.UserPrincipalName, tenant.HelpdeskPhone];
        foreach (var address in user.ToContactData().AllEmail)
        {
            messages.Add(db, tenant.Id, MessageChannel.Email, new(address.Value, subject, text), until);
        }
    }
}
