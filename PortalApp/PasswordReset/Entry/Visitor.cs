using PortalApp.Throttle;

namespace PortalApp.PasswordReset.Entry;

/// <summary>Who sent the first form, as far as the request shows it.</summary>
/// <param name="Browser">The value of its cookie.</param>
internal sealed record Visitor(NetworkPrefix Network, string Browser);
