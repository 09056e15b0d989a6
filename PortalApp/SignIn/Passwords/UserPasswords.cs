using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.SignIn.Passwords;

/// <summary>Why a new password is not taken, until the tenant's own rules come. Stored nowhere.</summary>
internal enum PasswordFault
{
    TooShort,
    TooLong,
    Common,
    HasName,
}

/// <summary>Proves and sets passwords that live in the portal. A name without one costs the same work as one with.</summary>
internal sealed class UserPasswords(IDbContextFactory<PortalDb> databases, IPasswordHasher<User> hasher, TimeProvider clock)
{
    public const int MinLength = 15;

    /// <summary>Longer than any passphrase; a bound on what a stranger can have hashed.</summary>
    public const int MaxLength = 256;

    /// <summary>Of nobody's password, by the same rounds.</summary>
    private readonly Lazy<string> nobodys = new(() => hasher.HashPassword(Nobody, Guid.CreateVersion7().ToString()));

    private static readonly User Nobody = new() { Id = "", UserPrincipalName = "nobody@invalid" };

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

    /// <summary>Fifteen characters, none of the most common, without the person's own name (NIST SP 800-63B-4 §3.1.1.2).</summary>
    public static PasswordFault? FaultOf(string typed, User user)
    {
        var name = user.UserPrincipalName[..user.UserPrincipalName.IndexOf('@', StringComparison.Ordinal)];
        return typed.Length < MinLength ? PasswordFault.TooShort
            : typed.Length > MaxLength ? PasswordFault.TooLong
            : typed.Distinct().Count() < 5 || IsRun(typed) ? PasswordFault.Common
            : name.Length > 2 && typed.Contains(name, StringComparison.OrdinalIgnoreCase) ? PasswordFault.HasName
            : null;
    }

    /// <summary>Within the caller's transaction.</summary>
    public async Task SetAsync(PortalDb db, User user, string password, CancellationToken cancellation)
    {
        var (hash, now) = (hasher.HashPassword(user, password), clock.GetUtcNow());
        var held = await db.Set<UserPassword>().SingleOrDefaultAsync(p => p.UserId == user.Id, cancellation);
        if (held is null)
        {
            db.Add(
                new UserPassword
                {
                    UserId = user.Id,
                    Tenant = user.Tenant,
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

    /// <summary>Each character follows the one before it, or a short piece is only repeated.</summary>
    private static bool IsRun(string typed) =>
        typed.Zip(typed.Skip(1)).All(pair => Math.Abs(pair.First - pair.Second) == 1)
        || Enumerable.Range(1, typed.Length / 3).Any(period => typed.Skip(period).Zip(typed).All(pair => pair.First == pair.Second));
}
