using System.Globalization;

namespace PortalApp.Authenticators.Passkeys;

/// <summary>
/// A person in one use. Each use is a user of its own to WebAuthn, so that one device holds a passkey for either, and a passkey for the one is
/// nobody's in the other.
/// </summary>
internal sealed record PasskeyOwner(string UserId, AuthenticatorUse Use)
{
    private const char Separator = '.';

    /// <summary>What the authenticator keeps of the person (WebAuthn §5.4.3): nothing that anybody could read a name from.</summary>
    public string Handle => $"{((int)Use).ToString(CultureInfo.InvariantCulture)}{Separator}{UserId}";

    /// <summary>Null for what was not made here.</summary>
    public static PasskeyOwner? Parse(string handle) =>
        handle.Split(Separator, 2) is [var use, var id]
        && int.TryParse(use, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && Enum.IsDefined((AuthenticatorUse)number)
            ? new(id, (AuthenticatorUse)number)
            : null;
}
