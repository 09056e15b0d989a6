using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Authenticators.Passkeys;

/// <summary>What the framework's WebAuthn asks of our rows; it writes nothing.</summary>
internal sealed class PasskeyRows(IDbContextFactory<PortalDb> databases) : IUserPasskeyStore<PasskeyOwner>
{
    public Task<string> GetUserIdAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult(user.Handle);

    public Task<PasskeyOwner?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Task.FromResult(PasskeyOwner.Parse(userId));

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyOwner user, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await Of(db, user).ToListAsync(cancellationToken);
        return [.. rows.Select(AsTheFrameworkHasIt)];
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Of(db, user).SingleOrDefaultAsync(p => p.CredentialId == credentialId, cancellationToken) is { } row
            ? AsTheFrameworkHasIt(row)
            : null;
    }

    public async Task<PasskeyOwner?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<Passkey>()
            .Where(p => p.CredentialId == credentialId)
            .Select(p => new PasskeyOwner(p.UserId, p.Use))
            .SingleOrDefaultAsync(cancellationToken);
    }

    public void Dispose() { }

    private static IQueryable<Passkey> Of(PortalDb db, PasskeyOwner owner) =>
        db.Set<Passkey>().AsNoTracking().Where(p => p.UserId == owner.UserId && p.Use == owner.Use);

    private static UserPasskeyInfo AsTheFrameworkHasIt(Passkey row) =>
        new(
            row.CredentialId,
            row.PublicKey,
            row.AddedAt,
            (uint)row.SignCount,
            transports: null,
            isUserVerified: true,
            row.IsBackupEligible,
            row.IsBackedUp,
            attestationObject: [],
            clientDataJson: []
        );

    Task IUserPasskeyStore<PasskeyOwner>.AddOrUpdatePasskeyAsync(PasskeyOwner user, UserPasskeyInfo passkey, CancellationToken c) =>
        throw NotAsked();

    Task IUserPasskeyStore<PasskeyOwner>.RemovePasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken c) =>
        throw NotAsked();

    Task<string?> IUserStore<PasskeyOwner>.GetUserNameAsync(PasskeyOwner user, CancellationToken c) => throw NotAsked();

    Task IUserStore<PasskeyOwner>.SetUserNameAsync(PasskeyOwner user, string? userName, CancellationToken c) => throw NotAsked();

    Task<string?> IUserStore<PasskeyOwner>.GetNormalizedUserNameAsync(PasskeyOwner user, CancellationToken c) => throw NotAsked();

    Task IUserStore<PasskeyOwner>.SetNormalizedUserNameAsync(PasskeyOwner user, string? normalizedName, CancellationToken c) =>
        throw NotAsked();

    Task<IdentityResult> IUserStore<PasskeyOwner>.CreateAsync(PasskeyOwner user, CancellationToken c) => throw NotAsked();

    Task<IdentityResult> IUserStore<PasskeyOwner>.UpdateAsync(PasskeyOwner user, CancellationToken c) => throw NotAsked();

    Task<IdentityResult> IUserStore<PasskeyOwner>.DeleteAsync(PasskeyOwner user, CancellationToken c) => throw NotAsked();

    Task<PasskeyOwner?> IUserStore<PasskeyOwner>.FindByNameAsync(string normalizedUserName, CancellationToken c) => throw NotAsked();

    private static NotSupportedException NotAsked() => new("A ceremony with a passkey does not ask for this.");
}
