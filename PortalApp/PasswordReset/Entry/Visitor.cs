using PortalApp.Throttle;

namespace PortalApp.PasswordReset.Entry;

/// <summary>Who sent the first form, as far as the request shows it.</summary>
/// <param name="Browser">The value of its cookie.</param>
/// <param name="Trace">Of the story that goes on here; null where it begins.</param>
internal sealed record Visitor(NetworkPrefix Network, string Browser, string? Trace = null);
