using Portal.Tenants;

namespace Agent.DirectorySync;

internal static class SyncNames
{
    /// <summary>The one form in which names are compared (H53, H57); empty for what is no name.</summary>
    public static string Compared(string? name) => UserPrincipalName.TryParse(name)?.Value ?? "";
}
