using Portal.Policy;
using PortalApp.Data;
using PortalApp.Passwords.Hashes;
using PortalApp.Tenants;
using PortalApp.Users;
using PortalApp.Writeback;

namespace PortalApp.Passwords;

/// <summary>
/// The directory and the portal together (M3). The directory decides; the hash of what was typed waits with the request and becomes true with its
/// outcome, also where that comes days later. Where it never became true, or the directory has another since, the sign-in asks the directory.
/// </summary>
internal sealed class BothHome(OnPremisesHome directory, UserPasswords passwords, PendingHashes pending) : IPasswordHome
{
    public Task<HealthAnswer> HealthAsync(Domain domain, CancellationToken cancellation) => directory.HealthAsync(domain, cancellation);

    public Task<RequestAdding> CheckAsync(PortalDb db, User user, RequestOrigin origin, CancellationToken cancellation) =>
        directory.CheckAsync(db, user, origin, cancellation);

    public PasswordRules? KnownRules(User user) => directory.KnownRules(user);

    public Task<PolicyVerdict> JudgeAsync(User user, PasswordRules? rules, string typed, CancellationToken cancellation) =>
        directory.JudgeAsync(user, rules, typed, cancellation);

    public Task<RequestAdding> SetAsync(
        PortalDb db,
        User user,
        NewPassword password,
        RequestOrigin origin,
        CancellationToken cancellation
    ) => directory.SetAsync(db, user, password, origin, Holding(password), cancellation);

    /// <summary>No hash of it is kept, nor of the one before: until its owner has chosen another the directory is asked.</summary>
    public Task<RequestAdding> SetTemporaryAsync(
        PortalDb db,
        User user,
        NewPassword password,
        bool mustChange,
        RequestOrigin origin,
        CancellationToken cancellation
    ) => directory.SetTemporaryAsync(db, user, password, mustChange, origin, cancellation);

    public Task<RequestAdding> ChangeAsync(
        PortalDb db,
        User user,
        string key,
        CurrentPassword current,
        NewPassword password,
        RequestOrigin origin,
        CancellationToken cancellation
    ) => directory.ChangeAsync(db, user, key, current, password, origin, Holding(password), cancellation);

    private BeforeSending Holding(NewPassword password) =>
        async row => await pending.HoldAsync(row, passwords.HashOf(password), CancellationToken.None) is not null;
}
