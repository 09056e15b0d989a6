using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Users;

namespace PortalApp.Authenticators.RecoveryCodes;

/// <summary>Makes lists of recovery codes, each shown once and kept as HMACs alone, and takes each code once.</summary>
internal sealed class RecoveryCodeLists(IDbContextFactory<PortalDb> databases, PortalKeys keys, AuditLog audit, TimeProvider clock)
{
    /// <summary>Of a list.</summary>
    public const int Codes = 10;

    /// <summary>80 bits.</summary>
    public const int CodeLength = 16;
    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>That still work.</summary>
    public async Task<int> LeftAsync(string userId, AuthenticatorUse use, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await Of(db, userId, use).CountAsync(c => c.UsedAt == null, cancellation);
    }

    /// <summary>Of these people, in either use; also where none works any more.</summary>
    public async Task<IReadOnlyList<AuthenticatorHeld>> HeldByAsync(IReadOnlyCollection<string> userIds, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var lists = await db.Set<RecoveryCode>()
            .Where(c => userIds.Contains(c.UserId))
            .GroupBy(c => new
            {
                c.UserId,
                c.Use,
                c.List,
            })
            .Select(list => new { list.Key, Left = list.Count(c => c.UsedAt == null) })
            .ToListAsync(cancellation);
        return [.. lists.Select(l => new AuthenticatorHeld(l.Key.UserId, l.Key.Use, l.Key.List, l.Left == 0))];
    }

    /// <summary>The ids of a tenant's people who have one that works.</summary>
    public static IQueryable<string> Holders(PortalDb db, TenantId tenant, AuthenticatorUse use) =>
        db.Set<RecoveryCode>().Where(c => c.Tenant == tenant && c.Use == use && c.UsedAt == null).Select(c => c.UserId);

    /// <summary>In the place of the list before, within the caller's transaction.</summary>
    /// <returns>The codes, to be shown once.</returns>
    public async Task<IReadOnlyList<string>> MakeAsync(
        PortalDb db,
        User user,
        AuthenticatorUse use,
        Actor by,
        CancellationToken cancellation
    )
    {
        await Of(db, user.Id, use).ExecuteDeleteAsync(cancellation);
        string[] codes = [.. Enumerable.Range(0, Codes).Select(_ => NewCode())];
        var list = RandomNumberGenerator.GetString(Letters, CodeLength);
        db.AddRange(
            codes.Select(code => new RecoveryCode
            {
                Tenant = user.Tenant,
                UserId = user.Id,
                Use = use,
                Mac = MacOf(user.Id, use, Read(code)!),
                List = list,
                MadeAt = clock.GetUtcNow(),
            })
        );
        audit.Record(db, user, by, use, "made recovery codes");
        await db.SaveChangesAsync(cancellation);
        return codes;
    }

    /// <summary>Within the caller's transaction.</summary>
    /// <returns>False where there were none.</returns>
    public async Task<bool> RemoveAsync(PortalDb db, User user, AuthenticatorUse use, Actor by, CancellationToken cancellation)
    {
        if (await Of(db, user.Id, use).ExecuteDeleteAsync(cancellation) == 0)
        {
            return false;
        }

        audit.Record(db, user, by, use, "removed the recovery codes");
        await db.SaveChangesAsync(cancellation);
        return true;
    }

    /// <summary>True once for each code.</summary>
    public async Task<bool> UseAsync(string userId, AuthenticatorUse use, string typed, CancellationToken cancellation)
    {
        if (Read(typed) is not { } code)
        {
            return false;
        }

        var (mac, now) = (MacOf(userId, use, code), clock.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await Of(db, userId, use)
                .Where(c => c.Mac == mac && c.UsedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancellation) == 1;
    }

    /// <summary>
    /// A code as it is compared: hyphens and spaces are dropped, capitals are small, compatible letters read (NFKC). Null for what no code is.
    /// </summary>
    public static string? Read(string typed)
    {
        var code = string.Concat(
            typed
                .EnumerateRunes()
                .Where(r => !Rune.IsWhiteSpace(r) && Rune.GetUnicodeCategory(r) != System.Globalization.UnicodeCategory.DashPunctuation)
        );
        code = code.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        return code.Length == CodeLength && code.All(Letters.Contains) ? code : null;
    }

    private static string NewCode() =>
        string.Join('-', RandomNumberGenerator.GetString(Letters, CodeLength).Chunk(4).Select(four => new string(four)));

    private byte[] MacOf(string userId, AuthenticatorUse use, string code) =>
        FieldMac.Of(keys.Code, "recovery", use.ToString(), userId, code);

    private static IQueryable<RecoveryCode> Of(PortalDb db, string userId, AuthenticatorUse use) =>
        db.Set<RecoveryCode>().Where(c => c.UserId == userId && c.Use == use);
}
