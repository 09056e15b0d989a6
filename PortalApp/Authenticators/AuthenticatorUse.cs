namespace PortalApp.Authenticators;

/// <summary>
/// What somebody proves with an authenticator. One for resets proves nothing at the sign-in and the other way round, so that who loses the one
/// has the other. Stored by number: never renumber.
/// </summary>
internal enum AuthenticatorUse
{
    /// <summary>The second factor; set up by a one-time link alone.</summary>
    SignIn = 1,

    /// <summary>A gate before a new password.</summary>
    Reset = 2,
}
