using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications.Notices;
using PortalApp.PasswordReset.Flows;
using PortalApp.Secrets;
using PortalApp.SignIn.Attempts;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Throttle.Familiar;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Disputes;

/// <summary>What a link of a notice leads to.</summary>
/// <param name="Told">When the notice was sent.</param>
internal sealed record Dispute(Tenant Tenant, User User, NoticeKind Kind, DateTimeOffset Told);

/// <summary>
/// "It wasn't me", by the link of a notice. From then on nobody resets or changes the password, or what the person is verified by, until somebody
/// who verified them lifts it; what was registered lately, sessions, familiar browsers and what was begun are gone; the administrators are told.
/// </summary>
internal sealed class DisputeStore(
    IDbContextFactory<PortalDb> databases,
    OtherFlows flows,
    AdministratorNotices administrators,
    NoticeSender notices,
    IStringLocalizer<DisputeTexts> texts,
    IOptions<PortalOptions> options,
    AuditLog audit,
    TimeProvider clock
)
{
    /// <summary>How far back what was registered is not trusted.</summary>
    public static readonly TimeSpan Lately = TimeSpan.FromDays(7);

    /// <summary>Null for a link that is over, or was never one. Uses nothing up: programs that look through mails open links too (H48).</summary>
    public async Task<Dispute?> FindAsync(string key, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await FindAsync(db, key, cancellation);
    }

    /// <summary>Of any number of presses one locks; null for the others.</summary>
    public async Task<Dispute?> PressAsync(string key, NetworkPrefix network, CancellationToken cancellation)
    {
        Dispute? pressed = null;
        await databases.ChangeAsync<User>(
            async db =>
            {
                pressed = await FindAsync(db, key, cancellation);
                if (pressed is null || !await UseAsync(db, pressed.User, key, cancellation))
                {
                    pressed = null;
                    return new ChangeOutcome<User>.NotThere();
                }

                await LockAsync(db, pressed, network, cancellation);
                return new ChangeOutcome<User>.Done(pressed.User);
            },
            cancellation
        );
        notices.Wake();
        return pressed;
    }

    /// <summary>Whoever calls has seen to it that the person was verified. What was begun meanwhile is begun anew; within the caller's transaction.</summary>
    /// <returns>False where there is nothing to lift.</returns>
    public async Task<bool> LiftAsync(PortalDb db, User user, Actor by, CancellationToken cancellation)
    {
        if (user.DisputedAt is null)
        {
            return false;
        }

        user.DisputedAt = null;
        user.Revise(by, clock.GetUtcNow());
        await flows.EndAsync(db, user.Tenant, user.Id, but: null, cancellation);
        return true;
    }

    private async Task<Dispute?> FindAsync(PortalDb db, string key, CancellationToken cancellation)
    {
        if (!KeyCookie.IsKey(key))
        {
            return null;
        }

        var (hash, since) = (KeyCookie.Hash(key), clock.GetUtcNow() - DisputeLink.Lifetime);
        var found = await (
            from link in db.Set<DisputeLink>()
            where link.KeyHash == hash && link.UsedAt == null && link.SentAt > since
            join user in db.Set<User>() on link.UserId equals user.Id
            where user.GoneAt == null
            join tenant in db.Set<Tenant>() on link.Tenant equals tenant.Id
            select new
            {
                link,
                user,
                tenant,
            }
        ).SingleOrDefaultAsync(cancellation);
        return found is null ? null : new(found.tenant, found.user, found.link.Kind, found.link.SentAt);
    }

    /// <summary>With it go all other links of the person: an older mail that is found later locks nobody out again.</summary>
    private async Task<bool> UseAsync(PortalDb db, User user, string key, CancellationToken cancellation)
    {
        var (hash, now) = (KeyCookie.Hash(key), clock.GetUtcNow());
        var used = await db.Set<DisputeLink>()
            .Where(l => l.KeyHash == hash && l.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancellation);
        await db.Set<DisputeLink>()
            .Where(l => l.UserId == user.Id && l.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancellation);
        return used == 1;
    }

    private async Task LockAsync(PortalDb db, Dispute dispute, NetworkPrefix network, CancellationToken cancellation)
    {
        var (user, now) = (dispute.User, clock.GetUtcNow());
        await db.Entry(user).Collection(u => u.Contacts).LoadAsync(cancellation);
        var gone = await RecentMethods.VoidAsync(db, user, now - Lately, cancellation);
        user.DisputedAt = now;
        user.Revise(Actor.Visitor, now);
        await SessionStore.EndAllAsync(db, user.Tenant, user.Id, cancellation);
        foreach (var subject in new[] { user.Id, AttemptStore.SubjectOf(user) }.Distinct())
        {
            await FamiliarPlaces.ForgetAsync(db, user.Tenant, subject, cancellation);
        }

        await flows.EndAsync(db, user.Tenant, user.Id, but: null, cancellation);
        await WithdrawAsync(db, user, now, cancellation);
        audit.Add(
            db,
            new(AuditEventId.AccountDisputed, user.Tenant, Actor.Visitor)
            {
                Subject = AuditSubject.User(user.Id),
                Outcome = $"{dispute.Kind}",
                Network = network.Value,
                Detail = gone.Count == 0 ? null : $"voided {string.Join(", ", gone)}",
            }
        );
        await administrators.AddAsync(db, dispute.Tenant, user, NoticeKind.Disputed, () => Say(dispute, now), cancellation);
    }

    /// <summary>What the person, or who passed for them, asked for and no agent was granted yet is granted to none any more.</summary>
    private static Task<int> WithdrawAsync(PortalDb db, User user, DateTimeOffset now, CancellationToken cancellation) =>
        db.Set<Request>()
            .Where(r =>
                r.Tenant == user.Tenant && r.Anchor == user.Id && r.Open && r.Attempt == null && r.Initiator == null && r.Deadline > now
            )
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Deadline, now), cancellation);

    private (string, string) Say(Dispute dispute, DateTimeOffset now) =>
        (
            texts["AlertSubject", dispute.User.UserPrincipalName],
            texts[
                "AlertText",
                dispute.User.UserPrincipalName,
                now.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
                texts[$"Kind{dispute.Kind}"],
                $"{options.Value.Origin}/desk/users/{dispute.User.Id}"
            ]
        );
}
