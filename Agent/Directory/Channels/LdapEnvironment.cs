using System.Runtime.InteropServices;

namespace Agent.Directory.Channels;

/// <summary>
/// The system's LDAP library takes defaults from files and variables of whoever started the process. Two are not theirs to choose: that a
/// certificate is demanded, and how long a connection may take. Must run before the library's first use.
/// </summary>
internal static class LdapEnvironment
{
    public static void Fix()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetVariable("LDAPTLS_REQCERT\0"u8.ToArray(), "demand\0"u8.ToArray(), 1);
            _ = SetVariable("LDAPNETWORK_TIMEOUT\0"u8.ToArray(), "5\0"u8.ToArray(), 1);
        }
    }

    /// <summary>The runtime's own variables never reach native code.</summary>
    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetVariable(byte[] name, byte[] value, int overwrite);
}
