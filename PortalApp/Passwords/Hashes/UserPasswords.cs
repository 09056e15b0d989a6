using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Policy;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.Passwords.Hashes;

/// <summary>Proves and sets passwords that live in the portal. A name without one costs the same work as one with.</summary>
internal sealed class UserPasswords(IDbContextFactory<PortalDb> databases, IPasswordHasher<User> hasher, TimeProvider clock)
{
    /// <summary>Longer than any passphrase; a bound on what a stranger can have hashed.</summary>
    private const int MaxLength = NewPassword.MaxLength;

    /// <summary>Of nobody's password, by the same rounds.</summary>
    private readonly Lazy<string> nobodys = new(() => hasher.HashPassword(Nobody, Guid.CreateVersion7().ToString()));

    private static readonly User Nobody = new() { Id = "", UserPrincipalName = "nobody@invalid" };

    public Task<bool> IsRightAsync(string userId, CurrentPassword typed, CancellationToken cancellation) =>
        IsRightAsync(userId, typed.Reveal(), cancellation);

    /// <param name="userId">Null where there is no account.</param>
    public async Task<bool> IsRightAsync(string? userId, string typed, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var id = userId ?? "";
        var held = await db.Set<UserPassword>().AsNoTracking().SingleOrDefaultAsync(p => p.UserId == id, cancellation);
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

    /// <summary>Within the caller's transaction.</summary>
    public Task SetAsync(PortalDb db, User user, NewPassword password, CancellationToken cancellation) =>
        SetAsync(db, user.Tenant, user.Id, HashOf(password), cancellation);

    /// <summary>Takes some 100 ms, and is done outside of any transaction.</summary>
    public string HashOf(NewPassword password) => hasher.HashPassword(Nobody, password.Reveal());

    /// <param name="hash">Of <see cref="HashOf"/>.</param>
    public async Task SetAsync(PortalDb db, TenantId tenant, string userId, string hash, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var held = await db.Set<UserPassword>().SingleOrDefaultAsync(p => p.UserId == userId, cancellation);
        if (held is null)
        {
            db.Add(
                new UserPassword
                {
                    UserId = userId,
                    Tenant = tenant,
                    Hash = hash,
                    SetAt = now,
                }
            );
        }
        else
        {
            (held.Hash, held.SetAt) = (hash, now);
        }
    }
}
