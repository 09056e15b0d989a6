namespace PortalApp.Data;

/// <summary>The portal cannot start; the message says in one line what to do. Never a stack trace to the operator.</summary>
internal sealed class StartupException(string message) : Exception(message);
