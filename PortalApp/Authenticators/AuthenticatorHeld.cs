namespace PortalApp.Authenticators;

/// <summary>That somebody has an authenticator, whichever its kind.</summary>
/// <param name="Basis">Another text once what it proves with was replaced.</param>
/// <param name="IsUsedUp">It proves nothing more: the last recovery code was used.</param>
internal sealed record AuthenticatorHeld(string UserId, AuthenticatorUse Use, string Basis, bool IsUsedUp = false);
