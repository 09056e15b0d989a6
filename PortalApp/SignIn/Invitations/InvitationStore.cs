using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Users;

namespace PortalApp.SignIn.Invitations;

/// <summary>Makes one-time links and takes them back; each new one of a person ends the older ones.</summary>
internal sealed class InvitationStore(
    IDbContextFactory<PortalDb> databases,
    IOptions<PortalOptions> options,
    AuditLog audit,
    TimeProvider clock
)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Within the caller's transaction.</summary>
    /// <returns>The link; its key is kept as a hash alone.</returns>
    public async Task<string> InviteAsync(PortalDb db, User user, Actor by, CancellationToken cancellation)
    {
        var (key, now) = (KeyCookie.NewKey(), clock.GetUtcNow());
        await db.Set<Invitation>()
            .Where(i => i.UserId == user.Id && i.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.UsedAt, now), cancellation);
        db.Add(
            new Invitation
            {
                Tenant = user.Tenant,
                UserId = user.Id,
                KeyHash = KeyCookie.Hash(key),
                ExpiresAt = now + Lifetime,
            }
        );
        audit.Add(
            db,
            new(AuditEventId.UserChanged, user.Tenant, by)
            {
                Subject = AuditSubject.User(user.Id),
                Detail = $"{user.UserPrincipalName} invited to set up how they sign in, by {by}",
            }
        );
        return $"{options.Value.Origin}{SignInPaths.Welcome}/{key}";
    }

    /// <summary>The person of a link that still works; looks only.</summary>
    public async Task<User?> FindAsync(string key, CancellationToken cancellation)
    {
        if (!KeyCookie.IsKey(key))
        {
            return null;
        }

        var (hash, now) = (KeyCookie.Hash(key), clock.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Invitation>()
            .Where(i => i.KeyHash == hash && i.UsedAt == null && i.ExpiresAt > now)
            .Join(db.Set<User>().AsNoTracking(), i => i.UserId, u => u.Id, (_, u) => u)
            .SingleOrDefaultAsync(u => u.GoneAt == null, cancellation);
    }

    /// <summary>Within the caller's transaction: of any number of presses one gets true.</summary>
    public async Task<bool> UseAsync(PortalDb db, string key, CancellationToken cancellation)
    {
        var (hash, now) = (KeyCookie.Hash(key), clock.GetUtcNow());
        return await db.Set<Invitation>()
                .Where(i => i.KeyHash == hash && i.UsedAt == null && i.ExpiresAt > now)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.UsedAt, now), cancellation) == 1;
    }
}
