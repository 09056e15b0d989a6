using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Helpdesk.Actions;
using PortalApp.Helpdesk.Callers;
using PortalApp.PasswordReset.Entry;
using PortalApp.Secrets;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.Helpdesk.ResetLinks;

/// <summary>What a link leads to. Closed: the cases below.</summary>
internal abstract record LinkAnswer
{
    private LinkAnswer() { }

    /// <summary>Used, voided by a newer one, too old, or never one.</summary>
    public sealed record Over : LinkAnswer;

    /// <summary>Opened where somebody else is signed in, such as whoever had it sent.</summary>
    public sealed record OfSomebodyElse : LinkAnswer;

    public sealed record Works(User Whom) : LinkAnswer;

    public sealed record Entered(EntryAnswer Answer) : LinkAnswer;
}

/// <summary>
/// Sends a person the link that begins a reset, and begins it: with the user ID filled in, and each gate that the policy asks for still to be
/// passed. Whoever had it sent neither sees the link nor chooses the password.
/// </summary>
internal sealed class ResetLinkStore(
    IDbContextFactory<PortalDb> databases,
    HelpdeskNotices notices,
    ResetEntry entry,
    AuditLog audit,
    BoundedAudit bounded,
    IOptions<PortalOptions> options,
    TimeProvider clock
)
{
    public const string Path = "/reset/link";
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Whoever presses sooner than that meant the one that is on its way.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Within the caller's transaction.</summary>
    /// <returns>False where one was sent just now.</returns>
    public async Task<bool> SendAsync(PortalDb db, SignedIn me, User whom, Reach to, string trace, CancellationToken cancellation)
    {
        var (key, now) = (KeyCookie.NewKey(), clock.GetUtcNow());
        var (hash, before) = (KeyCookie.Hash(key), now - Pause);
        if (!await db.Set<ResetLink>().AnyAsync(l => l.UserId == whom.Id, cancellation))
        {
            db.Add(
                new ResetLink
                {
                    UserId = whom.Id,
                    Tenant = whom.Tenant,
                    HelperId = me.User.Id,
                    KeyHash = hash,
                    Trace = trace,
                    SentAt = now,
                }
            );
        }
        else if (
            await db.Set<ResetLink>()
                .Where(l => l.UserId == whom.Id && l.SentAt < before)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(l => l.KeyHash, hash)
                            .SetProperty(l => l.Trace, trace)
                            .SetProperty(l => l.HelperId, me.User.Id)
                            .SetProperty(l => l.SentAt, now)
                            .SetProperty(l => l.UsedAt, (DateTimeOffset?)null),
                    cancellation
                ) == 0
        )
        {
            return false;
        }

        notices.AddLink(db, me.Tenant, whom, to.Address, $"{options.Value.Origin}{Path}/{key}", now + Lifetime);
        return true;
    }

    /// <summary>Uses nothing up: programs that look through mails open links too.</summary>
    /// <param name="signedIn">In the browser that opens it; null for nobody.</param>
    public async Task<LinkAnswer> LookAsync(string key, SignedIn? signedIn, CancellationToken cancellation)
    {
        if (!KeyCookie.IsKey(key))
        {
            return new LinkAnswer.Over();
        }

        var (hash, since) = (KeyCookie.Hash(key), clock.GetUtcNow() - Lifetime);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var whom = await db.Set<ResetLink>()
            .Where(l => l.KeyHash == hash && l.UsedAt == null && l.SentAt > since)
            .Join(db.Set<User>().AsNoTracking(), l => l.UserId, u => u.Id, (_, u) => u)
            .SingleOrDefaultAsync(u => u.GoneAt == null, cancellation);
        if (whom is null)
        {
            return new LinkAnswer.Over();
        }

        if (signedIn is null || signedIn.User.Id == whom.Id)
        {
            return new LinkAnswer.Works(whom);
        }

        await bounded.WriteAsync(
            new(AuditEventId.ResetLinkUsed, whom.Tenant, signedIn.Actor)
            {
                Subject = AuditSubject.User(whom.Id),
                Outcome = nameof(LinkAnswer.OfSomebodyElse),
            },
            cancellation
        );
        return new LinkAnswer.OfSomebodyElse();
    }

    /// <summary>Of any number of presses one begins a flow.</summary>
    public async Task<LinkAnswer> BeginAsync(string key, SignedIn? signedIn, Visitor visitor, CancellationToken cancellation)
    {
        var found = await LookAsync(key, signedIn, cancellation);
        if (found is not LinkAnswer.Works { Whom: var whom })
        {
            return found;
        }

        var (hash, now) = (KeyCookie.Hash(key), clock.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var used = await db.Set<ResetLink>()
            .Where(l => l.UserId == whom.Id && l.KeyHash == hash && l.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancellation);
        if (used == 0)
        {
            return new LinkAnswer.Over();
        }

        var trace = await db.Set<ResetLink>().Where(l => l.UserId == whom.Id).Select(l => l.Trace).SingleAsync(cancellation);
        var answer = await entry.BeginByLinkAsync(
            UserPrincipalName.TryParse(whom.UserPrincipalName)!,
            visitor with
            {
                Trace = trace,
            },
            cancellation
        );
        await audit.WriteAsync(
            new(AuditEventId.ResetLinkUsed, whom.Tenant, Actor.Visitor)
            {
                Subject = AuditSubject.User(whom.Id),
                Outcome = answer.GetType().Name,
                Trace = trace,
                Network = visitor.Network.Value,
            },
            cancellation
        );
        return new LinkAnswer.Entered(answer);
    }
}
