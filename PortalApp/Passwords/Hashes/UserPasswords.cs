using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Policy;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Passwords.Rules;
using PortalApp.Users;

namespace PortalApp.Passwords.Hashes;

/// <summary>Proves and sets passwords of which the portal holds a hash. A name without one costs the same work as one with.</summary>
internal sealed class UserPasswords(
    IDbContextFactory<PortalDb> databases,
    IPasswordHasher<User> hasher,
    IOptions<PasswordRuleOptions> options,
    TimeProvider clock
)
{
    /// <summary>Longer than any passphrase; a bound on what a stranger can have hashed.</summary>
    private const int MaxLength = NewPassword.MaxLength;

    /// <summary>Of nobody's password, by the same rounds.</summary>
    private readonly Lazy<string> nobodys = new(() => hasher.HashPassword(Nobody, Guid.CreateVersion7().ToString()));

    private static readonly User Nobody = new() { Id = "", UserPrincipalName = "nobody@invalid" };

    public Task<bool> IsRightAsync(string userId, CurrentPassword typed, CancellationToken cancellation) =>
        IsRightAsync(userId, typed.Reveal(), cancellation);

    /// <summary>None that the directory outdated while the password lived there too.</summary>
    /// <param name="userId">Null where there is no account.</param>
    public async Task<bool> IsRightAsync(string? userId, string typed, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var id = userId ?? "";
        var held = await db.Set<UserPassword>()
            .AsNoTracking()
            .Where(p => p.UserId == id && !db.Set<User>().Any(u => u.Id == id && u.DirectoryPasswordAt > p.DirectorySetAt))
            .SingleOrDefaultAsync(cancellation);
        var verdict = hasher.VerifyHashedPassword(
            Nobody,
            held?.Hash ?? nobodys.Value,
            typed.Length > MaxLength ? typed[..MaxLength] : typed
        );
        if (held is null || typed.Length > MaxLength)
        {
            return false;
        }

        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            var anew = hasher.HashPassword(Nobody, typed);
            await db.Set<UserPassword>()
                .Where(p => p.UserId == id && p.Hash == held.Hash)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.Hash, anew), cancellation);
        }

        return verdict != PasswordVerificationResult.Failed;
    }

    /// <summary>As <see cref="UserPassword.IsTemporary"/>.</summary>
    public async Task<bool> IsTemporaryAsync(string userId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<UserPassword>().AnyAsync(p => p.UserId == userId && p.IsTemporary, cancellation);
    }

    /// <summary>
    /// Whether it is the one of which a hash is held that the directory has not outdated: no later <c>pwdLastSet</c> is known, and the account
    /// lets people in. False where none is held, however right it may be: then the directory is asked.
    /// </summary>
    public async Task<bool> IsRightAsOfDirectoryAsync(User user, CurrentPassword typed, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var at = await db.Set<UserPassword>()
            .Where(p => p.UserId == user.Id)
            .Select(p => p.DirectorySetAt)
            .SingleOrDefaultAsync(cancellation);
        return at is { } set
            && user.LetsIn(clock.GetUtcNow())
            && !(user.DirectoryPasswordAt > set)
            && await IsRightAsync(user.Id, typed, cancellation);
    }

    /// <summary>The one in force, or one of that many before it.</summary>
    public async Task<bool> WasUsedAsync(string userId, NewPassword password, int many, CancellationToken cancellation)
    {
        if (many == 0)
        {
            return false;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        var earlier = await db.Set<EarlierPassword>()
            .Where(p => p.UserId == userId)
            .OrderByDescending(p => p.Id)
            .Take(many)
            .Select(p => p.Hash)
            .ToListAsync(cancellation);
        var now = await db.Set<UserPassword>().Where(p => p.UserId == userId).Select(p => p.Hash).ToListAsync(cancellation);
        return now.Concat(earlier)
            .Any(hash => hasher.VerifyHashedPassword(Nobody, hash, password.Reveal()) != PasswordVerificationResult.Failed);
    }

    /// <summary>Takes some 100 ms, and is done outside of any transaction.</summary>
    public string HashOf(NewPassword password) => hasher.HashPassword(Nobody, password.Reveal());

    /// <summary>In the place of what was there, which is remembered; within the caller's transaction.</summary>
    /// <param name="hash">Of <see cref="HashOf"/>.</param>
    /// <param name="isTemporary">As <see cref="UserPassword.IsTemporary"/>.</param>
    public async Task SetAsync(
        PortalDb db,
        TenantId tenant,
        string userId,
        string hash,
        CancellationToken cancellation,
        bool isTemporary = false
    )
    {
        if (await db.Set<UserPassword>().SingleOrDefaultAsync(p => p.UserId == userId, cancellation) is { } held)
        {
            await RememberAsync(db, held, cancellation);
            (held.Hash, held.SetAt, held.DirectorySetAt, held.IsTemporary) = (hash, clock.GetUtcNow(), null, isTemporary);
        }
        else
        {
            var set = New(tenant, userId, hash, null);
            set.IsTemporary = isTemporary;
            db.Add(set);
        }
    }

    /// <summary>
    /// A hash of what the directory holds, as of its <paramref name="at"/>; within the caller's transaction. What comes late does not take the place
    /// of what was set after it; of what nobody says when it was set, no hash is kept.
    /// </summary>
    public async Task SetOfDirectoryAsync(
        PortalDb db,
        TenantId tenant,
        string userId,
        string hash,
        DateTimeOffset? at,
        CancellationToken cancellation
    )
    {
        if (await db.Set<UserPassword>().AnyAsync(p => p.UserId == userId && p.DirectorySetAt > at, cancellation))
        {
            return;
        }

        await ForgetAsync(db, userId, cancellation);
        if (at is not null)
        {
            db.Add(New(tenant, userId, hash, at));
        }
    }

    /// <summary>The directory has just said that this is the password: it is known here until the directory has another.</summary>
    public async Task FillAsync(User user, CurrentPassword right, DateTimeOffset at, CancellationToken cancellation)
    {
        var hash = hasher.HashPassword(Nobody, right.Reveal());
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        await SetOfDirectoryAsync(db, user.Tenant, user.Id, hash, at, cancellation);
        try
        {
            await db.SaveChangesAsync(cancellation);
            await all.CommitAsync(cancellation);
        }
        catch (DbUpdateException)
        {
            // Filled at the same moment by another sign-in, or by an outcome.
        }
    }

    /// <summary>Within the caller's transaction.</summary>
    public static Task ForgetAsync(PortalDb db, string userId, CancellationToken cancellation) =>
        db.Set<UserPassword>().Where(p => p.UserId == userId).ExecuteDeleteAsync(cancellation);

    private async Task RememberAsync(PortalDb db, UserPassword held, CancellationToken cancellation)
    {
        var most = options.Value.History;
        var old = await db.Set<EarlierPassword>()
            .Where(p => p.UserId == held.UserId)
            .OrderByDescending(p => p.Id)
            .ToListAsync(cancellation);
        db.RemoveRange(old.Skip(Math.Max(most - 1, 0)));
        if (most > 0)
        {
            db.Add(
                new EarlierPassword
                {
                    UserId = held.UserId,
                    Tenant = held.Tenant,
                    Hash = held.Hash,
                }
            );
        }
    }

    private UserPassword New(TenantId tenant, string userId, string hash, DateTimeOffset? at) =>
        new()
        {
            UserId = userId,
            Tenant = tenant,
            Hash = hash,
            SetAt = clock.GetUtcNow(),
            DirectorySetAt = at,
        };
}
