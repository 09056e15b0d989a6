using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Writeback.Requests;

namespace PortalApp.Passwords.Hashes;

/// <summary>
/// Hashes that wait with their request's row, wrapped, and take effect in the transaction that ends it as applied, whenever that is: there is
/// no moment in which only one of the two is true.
/// </summary>
internal sealed class PendingHashes(IDbContextFactory<PortalDb> databases, UserPasswords passwords, MasterKey master)
{
    private const string Purpose = "pending-hash";

    /// <returns>Null where the request is over already: nothing is to be sent any more.</returns>
    public async Task<Request?> HoldAsync(Request row, string hash, CancellationToken cancellation)
    {
        var (wrapped, number) = master.Wrap(Purpose, Encoding.UTF8.GetBytes(hash));
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var held = await db.Set<Request>()
            .Where(r => r.Id == row.Id && r.Tenant == row.Tenant && r.Result == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(r => r.PendingHash, wrapped).SetProperty(r => r.PendingHashKey, number),
                cancellation
            );
        (row.PendingHash, row.PendingHashKey) = (wrapped, number);
        return held == 1 ? row : null;
    }

    /// <summary>As <see cref="TakeEffect"/>.</summary>
    public async Task TakeEffectAsync(PortalDb db, Request row, WritebackResult result, CancellationToken cancellation)
    {
        var isNothing = row is { Kind: RequestKind.Unlock } or { Connector: null, PendingHash: null };
        if (isNothing || result is not WritebackResult.Applied applied || row.Anchor is not { } user)
        {
            return;
        }

        var hash = row.PendingHash is { } wrapped ? Encoding.UTF8.GetString(master.Unwrap(Purpose, row.PendingHashKey, wrapped)) : null;
        if (row.Connector is null)
        {
            await passwords.SetAsync(db, row.Tenant, user, hash!, cancellation, row.Kind == RequestKind.AdministratorReset);
        }
        else if (await NewestAfterAsync(db, row, user, cancellation) is { IsThere: true } later)
        {
            if (!later.IsApplied)
            {
                // Whether the later one overwrote it nobody knows: the directory is asked at the next sign-in.
                await UserPasswords.ForgetAsync(db, user, cancellation);
            }
        }
        else if (hash is null)
        {
            // The directory has another password, of which no hash is known.
            await UserPasswords.ForgetAsync(db, user, cancellation);
        }
        else
        {
            await passwords.SetOfDirectoryAsync(db, row.Tenant, user, hash, applied.SetAt, cancellation);
        }

        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>A later request of the account that may have set its password: this outcome comes late, and overrides nothing.</summary>
    private static async Task<(bool IsThere, bool IsApplied)> NewestAfterAsync(
        PortalDb db,
        Request row,
        string user,
        CancellationToken cancellation
    )
    {
        var later = await db.Set<Request>()
            .Where(r => r.Tenant == row.Tenant && r.Anchor == user && r.Id != row.Id && r.Issued > row.Issued)
            .Where(r =>
                r.Kind != RequestKind.Check && r.Kind != RequestKind.Verify && r.Kind != RequestKind.Explain && r.Kind != RequestKind.Unlock
            )
            .Where(r => r.Result == null || r.Outcome == RequestOutcome.Applied || r.Outcome == RequestOutcome.Unknown)
            .OrderByDescending(r => r.Issued)
            .Select(r => r.Outcome)
            .Take(1)
            .ToListAsync(cancellation);
        return (later.Count > 0, later is [RequestOutcome.Applied]);
    }

    public static async Task<int> RewrapAsync(PortalDb db, MasterKey master, CancellationToken cancellation)
    {
        var newest = master.Number;
        var held = await db.Set<Request>()
            .Where(r => r.PendingHash != null && r.PendingHashKey != newest)
            .Select(r => new
            {
                r.Id,
                r.PendingHash,
                r.PendingHashKey,
            })
            .Take(WrappedRows.AtOnce)
            .ToListAsync(cancellation);
        foreach (var row in held)
        {
            var (wrapped, number) = master.Wrap(Purpose, master.Unwrap(Purpose, row.PendingHashKey, row.PendingHash!));
            await db.Set<Request>()
                .Where(r => r.Id == row.Id && r.PendingHashKey == row.PendingHashKey && r.PendingHash != null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(r => r.PendingHash, wrapped).SetProperty(r => r.PendingHashKey, number),
                    cancellation
                );
        }

        return held.Count;
    }
}
