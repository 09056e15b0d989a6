using Portal.Tenants;

namespace Agent.DirectorySync;

internal static class SyncNames
{
    /// <summary>The account has something to sign in by; whether it is a name that the portal takes, the portal says.</summary>
    public static bool IsThere(string? name) => name?.Trim().IndexOf('@', StringComparison.Ordinal) > 0;

    /// <summary>The one form in which names are compared (H53, H57); what is no name stays as it is, so that it is found again.</summary>
    public static string Compared(string? name) => UserPrincipalName.TryParse(name)?.Value ?? name?.Trim() ?? "";
}
