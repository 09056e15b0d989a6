using Portal.Writeback;

namespace Agent.Directory;

/// <summary>What an administrator of the directory does so that the agent's account may do its work, for log and <c>explain</c>.</summary>
internal static class Remedy
{
    public static string ToReset(DirectoryOptions options, string dn) => Grant(options, dn, "CA;Reset Password;user");

    public static string ToUnlock(DirectoryOptions options, string dn) => Grant(options, dn, "RPWP;lockoutTime;user");

    public static string ToRequireChange(DirectoryOptions options, string dn) => Grant(options, dn, "RPWP;pwdLastSet;user");

    public static string ToRead(DirectoryOptions options) =>
        string.Join("; ", options.Scopes.Select(scope => $"dsacls \"{scope}\" /I:S /G \"{options.BindName}:RP;;user\""));

    /// <summary>Counts lie on the accounts; a fine-grained policy in a container that only administrators read by default.</summary>
    public static string ToReadLockout(DirectoryOptions options) =>
        $"{ToRead(options)}; dsacls \"CN=Password Settings Container,CN=System,{options.BaseDn}\" /I:T /G \"{options.BindName}:GR\"";

    /// <summary>For an account that is not set for what it is; null where nothing is to be done in the directory.</summary>
    public static string? Of(WritebackReason reason, string dn) =>
        reason switch
        {
            WritebackReason.OutOfScope => "add its organisational unit to directory.scopes, or move the account below one that is there",
            WritebackReason.Protected =>
                "set its password by hand; or take the account out of what protects it, where it does not belong there",
            WritebackReason.ProtectedOnce =>
                $"Set-ADObject -Identity '{dn.Replace("'", "''", StringComparison.Ordinal)}' -Clear adminCount; then let it inherit again: dsacls \"{dn}\" /P:N",
            WritebackReason.Disabled => "enable the account, where its owner is to sign in",
            WritebackReason.AccountExpired => "extend accountExpires, where its owner is to sign in",
            WritebackReason.SmartCardRequired => "give its owner a card; or take \"smart card is required\" off the account",
            _ => null,
        };

    /// <summary>Of the scope that the account lies in; what stands there does not reach an account that inherits nothing.</summary>
    private static string Grant(DirectoryOptions options, string dn, string right) =>
        $"dsacls \"{ScopeOf(options, dn)}\" /I:S /G \"{options.BindName}:{right}\"; if that is granted, the account does not inherit it: dsacls \"{dn}\" /P:N";

    private static string ScopeOf(DirectoryOptions options, string dn) =>
        DistinguishedName.TryParse(dn) is { } name
            ? options.Scopes.FirstOrDefault(scope => DistinguishedName.TryParse(scope) is { } place && name.IsOrLiesBelow(place)) ?? dn
            : dn;
}
