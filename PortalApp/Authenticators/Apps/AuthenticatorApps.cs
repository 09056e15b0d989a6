using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Users;

namespace PortalApp.Authenticators.Apps;

/// <summary>What came of setting up an app. Closed: the two cases below.</summary>
internal abstract record AppAnswer
{
    private AppAnswer() { }

    public sealed record Done : AppAnswer;

    /// <summary>The app shows another code, or its clock is off; what was there before still stands.</summary>
    public sealed record CodeWrong : AppAnswer;
}

/// <summary>Sets authenticator apps up, and takes each of their codes once.</summary>
internal sealed class AuthenticatorApps(IDbContextFactory<PortalDb> databases, MasterKey master, AuditLog audit, TimeProvider clock)
{
    private const string Purpose = "authenticator";

    /// <summary>Where nobody has an app: a wrong code takes the same time.</summary>
    private static readonly byte[] Nobodys = Totp.NewSecret();

    /// <summary>Null for who has none.</summary>
    public async Task<AuthenticatorApp?> FindAsync(string userId, AuthenticatorUse use, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await FindAsync(db, userId, use, cancellation);
    }

    /// <summary>Of these people, in either use; not yet what counts later.</summary>
    public async Task<IReadOnlyList<AuthenticatorHeld>> HeldByAsync(IReadOnlyCollection<string> userIds, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await db.Set<AuthenticatorApp>()
            .Where(a => userIds.Contains(a.UserId) && a.CountsFrom <= now)
            .Select(a => new
            {
                a.UserId,
                a.Use,
                a.Id,
            })
            .ToListAsync(cancellation);
        return [.. rows.Select(a => new AuthenticatorHeld(a.UserId, a.Use, $"{a.Id}"))];
    }

    /// <summary>The ids of a tenant's people who have one.</summary>
    public static IQueryable<string> Holders(PortalDb db, TenantId tenant, AuthenticatorUse use) =>
        db.Set<AuthenticatorApp>().Where(a => a.Tenant == tenant && a.Use == use).Select(a => a.UserId);

    /// <summary>For a secret that is being set up, and is kept until its code was typed.</summary>
    public WrappedValue Wrap(byte[] secret) => master.Wrap(Purpose, secret);

    public byte[] Unwrap(byte[] wrapped, int keyNumber) => master.Unwrap(Purpose, keyNumber, wrapped);

    /// <summary>In the place of what was there, within the caller's transaction.</summary>
    /// <param name="typed">A code that the app shows now: the proof that it has the secret.</param>
    /// <param name="countsFrom">Null for at once.</param>
    public async Task<AppAnswer> SetUpAsync(
        PortalDb db,
        User user,
        AuthenticatorUse use,
        byte[] secret,
        string typed,
        Actor by,
        CancellationToken cancellation,
        DateTimeOffset? countsFrom = null
    )
    {
        if (Totp.StepOf(secret, typed, clock.GetUtcNow()) is not { } step)
        {
            return new AppAnswer.CodeWrong();
        }

        await Of(db, user.Id, use).ExecuteDeleteAsync(cancellation);
        var (wrapped, number) = Wrap(secret);
        db.Add(
            new AuthenticatorApp
            {
                UserId = user.Id,
                Tenant = user.Tenant,
                Use = use,
                Secret = wrapped,
                KeyNumber = number,
                LastStep = step,
                SetUpAt = clock.GetUtcNow(),
                CountsFrom = countsFrom ?? clock.GetUtcNow(),
            }
        );
        audit.Record(db, user, by, use, "set up an authenticator app");
        await db.SaveChangesAsync(cancellation);
        return new AppAnswer.Done();
    }

    /// <summary>Within the caller's transaction.</summary>
    /// <returns>False where there was none.</returns>
    public async Task<bool> RemoveAsync(PortalDb db, User user, AuthenticatorUse use, Actor by, CancellationToken cancellation)
    {
        if (await Of(db, user.Id, use).ExecuteDeleteAsync(cancellation) == 0)
        {
            return false;
        }

        audit.Record(db, user, by, use, "removed the authenticator app");
        await db.SaveChangesAsync(cancellation);
        return true;
    }

    /// <summary>True once for each code.</summary>
    public async Task<bool> UseAsync(string userId, AuthenticatorUse use, string typed, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var held = await FindAsync(db, userId, use, cancellation);
        var secret = held is null ? Nobodys : Unwrap(held.Secret, held.KeyNumber);
        return Totp.StepOf(secret, typed, clock.GetUtcNow()) is { } step
            && held is not null
            && await Of(db, userId, use)
                .Where(a => a.Id == held.Id && a.LastStep < step)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.LastStep, step), cancellation) == 1;
    }

    /// <summary>For <see cref="WrappedRows"/>.</summary>
    public static async Task<int> RewrapAsync(PortalDb db, MasterKey master, CancellationToken cancellation)
    {
        var newest = master.Number;
        var held = await db.Set<AuthenticatorApp>()
            .AsNoTracking()
            .Where(a => a.KeyNumber != newest)
            .Take(WrappedRows.AtOnce)
            .ToListAsync(cancellation);
        foreach (var row in held)
        {
            var anew = Rewrap(master, row.Secret, row.KeyNumber);
            await db.Set<AuthenticatorApp>()
                .Where(a => a.Id == row.Id && a.KeyNumber == row.KeyNumber)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(a => a.Secret, anew.Bytes).SetProperty(a => a.KeyNumber, anew.KeyNumber),
                    cancellation
                );
        }

        return held.Count;
    }

    /// <summary>By the newest key.</summary>
    public static WrappedValue Rewrap(MasterKey master, byte[] wrapped, int keyNumber) =>
        master.Wrap(Purpose, master.Unwrap(Purpose, keyNumber, wrapped));

    private static Task<AuthenticatorApp?> FindAsync(PortalDb db, string userId, AuthenticatorUse use, CancellationToken cancellation) =>
        Of(db, userId, use).AsNoTracking().SingleOrDefaultAsync(cancellation);

    private static IQueryable<AuthenticatorApp> Of(PortalDb db, string userId, AuthenticatorUse use) =>
        db.Set<AuthenticatorApp>().Where(a => a.UserId == userId && a.Use == use);
}
