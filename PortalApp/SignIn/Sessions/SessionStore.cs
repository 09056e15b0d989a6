using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.SignIn.Sessions;

/// <summary>Who makes a request, as the database has it at this moment.</summary>
/// <param name="Role">What the person may be here: without a second factor nobody is more than a user.</param>
/// <param name="ProvedAt">When who they are was last proved.</param>
internal sealed record SignedIn(long Session, Tenant Tenant, User User, Role Role, DateTimeOffset ProvedAt)
{
    public Actor Actor => Actor.User(User.Id);
}

/// <summary>
/// Sessions: eight hours at the longest, half an hour without a request. Looked up with each request, so that a role that is taken away, a
/// person who is gone and a session that is ended hold from the next one on (H95).
/// </summary>
internal sealed class SessionStore(IDbContextFactory<PortalDb> databases, AuditLog audit, TimeProvider clock)
{
    public static readonly KeyCookie Cookie = new("__Host-session");
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan SeenTo = TimeSpan.FromMinutes(1);

    /// <summary>Within the caller's transaction.</summary>
    /// <param name="provider">The issuer that said who it is; null where the portal itself compared a password.</param>
    /// <returns>The key for the cookie.</returns>
    public string Begin(PortalDb db, User user, bool withSecondFactor, string network, string? provider)
    {
        var (key, now) = (KeyCookie.NewKey(), clock.GetUtcNow());
        db.Add(
            new Session
            {
                Tenant = user.Tenant,
                UserId = user.Id,
                KeyHash = KeyCookie.Hash(key),
                WithSecondFactor = withSecondFactor,
                CreatedAt = now,
                ProvedAt = now,
                SeenAt = now,
                Until = now + Longest,
                Network = network,
            }
        );
        audit.Add(
            db,
            new(AuditEventId.SignedIn, user.Tenant, Actor.User(user.Id))
            {
                Subject = AuditSubject.User(user.Id),
                Network = network,
                Detail = provider is null ? null : $"by {provider}",
            }
        );
        return key;
    }

    /// <summary>Null for a session that is over, or was never there; a sign of life for one that is.</summary>
    public Task<SignedIn?> FindAsync(byte[] keyHash, CancellationToken cancellation) => FindAsync(s => s.KeyHash == keyHash, cancellation);

    /// <summary>The same, by the number of its row.</summary>
    public Task<SignedIn?> FindAsync(long id, CancellationToken cancellation) => FindAsync(s => s.Id == id, cancellation);

    /// <summary>Ends this session, or all that the person has.</summary>
    public async Task LeaveAsync(SignedIn who, bool everywhere, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (everywhere)
        {
            await EndAllAsync(db, who.Tenant.Id, who.User.Id, cancellation);
            return;
        }

        await db.Set<Session>().Where(s => s.Id == who.Session).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>Signs the person out everywhere, within the caller's transaction.</summary>
    public static Task<int> EndAllAsync(PortalDb db, TenantId tenant, string user, CancellationToken cancellation) =>
        db.Set<Session>().Where(s => s.Tenant == tenant && s.UserId == user).ExecuteDeleteAsync(cancellation);

    private async Task<SignedIn?> FindAsync(Expression<Func<Session, bool>> which, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var idleSince = now - Idle;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = await (
            from session in db.Set<Session>().AsNoTracking().Where(which)
            where session.Until > now && session.SeenAt > idleSince
            join user in db.Set<User>().AsNoTracking() on session.UserId equals user.Id
            where user.GoneAt == null
            join tenant in db.Set<Tenant>().AsNoTracking() on session.Tenant equals tenant.Id
            select new
            {
                session,
                user,
                tenant,
            }
        ).SingleOrDefaultAsync(cancellation);
        if (found is null)
        {
            return null;
        }

        if (now - found.session.SeenAt >= SeenTo)
        {
            await db.Set<Session>()
                .Where(s => s.Id == found.session.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.SeenAt, now), cancellation);
        }

        return new(
            found.session.Id,
            found.tenant,
            found.user,
            found.session.WithSecondFactor ? found.user.Role : Role.User,
            found.session.ProvedAt
        );
    }
}
