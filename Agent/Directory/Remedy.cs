namespace Agent.Directory;

/// <summary>What an administrator of the directory does so that the agent's account may do its work, for log and <c>explain</c>.</summary>
internal static class Remedy
{
    public static string ToReset(DirectoryOptions options, string dn) => Grant(options, dn, "CA;Reset Password;user");

    public static string ToUnlock(DirectoryOptions options, string dn) => Grant(options, dn, "RPWP;lockoutTime;user");

    /// <summary>Of the scope that the account lies in; what stands there does not reach an account that inherits nothing.</summary>
    private static string Grant(DirectoryOptions options, string dn, string right) =>
        $"dsacls \"{ScopeOf(options, dn)}\" /I:S /G \"{options.BindName}:{right}\"; if that is granted, the account does not inherit it: dsacls \"{dn}\" /P:N";

    private static string ScopeOf(DirectoryOptions options, string dn) =>
        DistinguishedName.TryParse(dn) is { } name
            ? options.Scopes.FirstOrDefault(scope => DistinguishedName.TryParse(scope) is { } place && name.IsOrLiesBelow(place)) ?? dn
            : dn;
}
