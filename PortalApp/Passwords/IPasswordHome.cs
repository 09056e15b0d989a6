using Portal.Policy;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Tenants;
using PortalApp.Users;
using PortalApp.Writeback;

namespace PortalApp.Passwords;

/// <summary>
/// Where people's passwords live. Whatever home it is, what is asked of it is one request's row, added in the caller's transaction and ended
/// with one <see cref="WritebackResult"/>: pages, audit and notices look at the row and do not know which home it was.
/// </summary>
internal interface IPasswordHome
{
    /// <summary>Whether passwords of that domain can be set now (M9, M22); the same for every name in it, so that it tells nothing of a name (H6).</summary>
    Task<HealthAnswer> HealthAsync(Domain domain, CancellationToken cancellation);

    /// <summary>May this account's password be set, and by which rules? Ends as Settable or NotAttempted; changes nothing.</summary>
    Task<RequestAdding> CheckAsync(PortalDb db, User user, RequestOrigin origin, CancellationToken cancellation);

    /// <summary>Sets it, whatever it was before; the account's locks by wrong passwords go with it.</summary>
    Task<RequestAdding> SetAsync(PortalDb db, User user, NewPassword password, RequestOrigin origin, CancellationToken cancellation);

    /// <summary>The same, by somebody else (M5).</summary>
    /// <param name="mustChange">Its owner has to choose another one at the next sign-in.</param>
    Task<RequestAdding> SetTemporaryAsync(
        PortalDb db,
        User user,
        NewPassword password,
        bool mustChange,
        RequestOrigin origin,
        CancellationToken cancellation
    );

    /// <summary>What can be said of a new password before anybody is asked; null where only the directory knows.</summary>
    PasswordRules? KnownRules(User user);

    /// <summary>What the home says of a new password before anything is asked or written.</summary>
    /// <param name="rules">As the account's check told them; null where nobody asked.</param>
    Task<PolicyVerdict> JudgeAsync(User user, PasswordRules? rules, string typed, CancellationToken cancellation);

    /// <summary>Puts another in the place of the one that its owner knows (M4), which is tried by it.</summary>
    /// <param name="key">What is counted for the person.</param>
    Task<RequestAdding> ChangeAsync(
        PortalDb db,
        User user,
        string key,
        CurrentPassword current,
        NewPassword password,
        RequestOrigin origin,
        CancellationToken cancellation
    );
}
