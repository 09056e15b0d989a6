using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.SignIn.Attempts;

namespace PortalApp.SignIn.SecondFactor;

/// <summary>Authenticator apps and recovery codes: set up, and proved, each proof once (H47).</summary>
internal sealed class SecondFactors(IDbContextFactory<PortalDb> databases, MasterKey master, PortalKeys keys, TimeProvider clock)
{
    public const int RecoveryCodes = 10;
    private const string Purpose = "authenticator";
    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>80 bits.</summary>
    private const int CodeLength = 16;

    public async Task<bool> IsSetUpAsync(string? userId, CancellationToken cancellation)
    {
        var id = userId ?? "";
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Authenticator>().AnyAsync(a => a.UserId == id, cancellation);
    }

    public WrappedValue Wrap(byte[] secret) => master.Wrap(Purpose, secret);

    public byte[] Unwrap(byte[] wrapped, int keyNumber) => master.Unwrap(Purpose, keyNumber, wrapped);

    /// <summary>True once for each code of the app, and for each recovery code.</summary>
    public async Task<bool> IsRightAsync(string userId, string typed, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<Authenticator>().AsNoTracking().SingleOrDefaultAsync(a => a.UserId == userId, cancellation) is not { } held)
        {
            return false;
        }

        if (Totp.StepOf(Unwrap(held.Secret, held.KeyNumber), typed, clock.GetUtcNow()) is { } step)
        {
            return await db.Set<Authenticator>()
                    .Where(a => a.UserId == userId && a.LastStep < step)
                    .ExecuteUpdateAsync(set => set.SetProperty(a => a.LastStep, step), cancellation) == 1;
        }

        var (mac, now) = (MacOf(userId, typed), clock.GetUtcNow());
        return await db.Set<RecoveryCode>()
                .Where(c => c.UserId == userId && c.Mac == mac && c.UsedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancellation) == 1;
    }

    /// <summary>In the place of what was there, within the caller's transaction.</summary>
    /// <param name="step">That was proved with the setting up.</param>
    /// <returns>The new recovery codes, which are kept as HMACs alone.</returns>
    public async Task<IReadOnlyList<string>> SetUpAsync(
        PortalDb db,
        TenantId tenant,
        string userId,
        byte[] secret,
        long step,
        CancellationToken cancellation
    )
    {
        await db.Set<Authenticator>().Where(a => a.UserId == userId).ExecuteDeleteAsync(cancellation);
        await db.Set<RecoveryCode>().Where(c => c.UserId == userId).ExecuteDeleteAsync(cancellation);
        var (wrapped, number) = Wrap(secret);
        db.Add(
            new Authenticator
            {
                UserId = userId,
                Tenant = tenant,
                Secret = wrapped,
                KeyNumber = number,
                LastStep = step,
                SetUpAt = clock.GetUtcNow(),
            }
        );
        string[] codes = [.. Enumerable.Range(0, RecoveryCodes).Select(_ => NewCode())];
        db.AddRange(
            codes.Select(code => new RecoveryCode
            {
                Tenant = tenant,
                UserId = userId,
                Mac = MacOf(userId, code),
            })
        );
        return codes;
    }

    /// <summary>For <see cref="WrappedRows"/>: those that are set up, and those that are being set up.</summary>
    public static async Task<int> RewrapAsync(PortalDb db, MasterKey master, CancellationToken cancellation)
    {
        var newest = master.Number;
        var held = await db.Set<Authenticator>()
            .AsNoTracking()
            .Where(a => a.KeyNumber != newest)
            .Take(WrappedRows.AtOnce)
            .ToListAsync(cancellation);
        foreach (var row in held)
        {
            var anew = master.Wrap(Purpose, master.Unwrap(Purpose, row.KeyNumber, row.Secret));
            await db.Set<Authenticator>()
                .Where(a => a.UserId == row.UserId && a.KeyNumber == row.KeyNumber && a.Secret == row.Secret)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(a => a.Secret, anew.Bytes).SetProperty(a => a.KeyNumber, anew.KeyNumber),
                    cancellation
                );
        }

        return held.Count + await RewrapBegunAsync(db, master, newest, cancellation);
    }

    private static async Task<int> RewrapBegunAsync(PortalDb db, MasterKey master, int newest, CancellationToken cancellation)
    {
        var begun = await db.Set<Attempt>()
            .AsNoTracking()
            .Where(a => a.Secret != null && a.KeyNumber != newest)
            .Take(WrappedRows.AtOnce)
            .ToListAsync(cancellation);
        foreach (var row in begun)
        {
            var anew = master.Wrap(Purpose, master.Unwrap(Purpose, row.KeyNumber, row.Secret));
            await db.Set<Attempt>()
                .Where(a => a.Id == row.Id && a.KeyNumber == row.KeyNumber)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(a => a.Secret, anew.Bytes).SetProperty(a => a.KeyNumber, anew.KeyNumber),
                    cancellation
                );
        }

        return begun.Count;
    }

    private static string NewCode() =>
        string.Join('-', RandomNumberGenerator.GetString(Letters, CodeLength).Chunk(4).Select(four => new string(four)));

    private byte[] MacOf(string userId, string typed) =>
        FieldMac.Of(
            keys.Code,
            "recovery",
            userId,
            string.Concat(typed.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Where(char.IsAsciiLetterOrDigit))
        );
}
