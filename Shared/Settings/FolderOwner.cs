using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Portal.Settings;

/// <summary>Whose a data folder is: what another account leaves in it for its own eyes, the service of its owner cannot read.</summary>
public static class FolderOwner
{
    private const int ThisFolder = -100;
    private const uint OwnerAlone = 0x8;

    /// <summary>Of struct statx, the same on every processor.</summary>
    private const int StatxSize = 256;
    private const int StatxOwner = 20;

    /// <summary>What to say to somebody who is not the owner; null for the owner, and where there is no such folder yet.</summary>
    public static string? Complaint(string folder)
    {
        var found = new byte[StatxSize];
        if (!OperatingSystem.IsLinux() || Statx(ThisFolder, Encoding.UTF8.GetBytes(folder + '\0'), 0, OwnerAlone, found) != 0)
        {
            return null;
        }

        var (owner, runner) = (BitConverter.ToUInt32(found, StatxOwner), EffectiveUser());
        return owner == runner ? null : Sentence(folder, owner, runner);
    }

    private static string Sentence(string folder, uint owner, uint runner)
    {
        var (theirs, own) = (NameOf(owner), NameOf(runner));
        return $"{folder} belongs to {theirs ?? Number(owner)}, and this runs as {own ?? Number(runner)}: what one leaves there, the other cannot read. Run it as its owner: sudo -u {theirs ?? $"'#{Number(owner)}'"} …; or, where {own ?? Number(runner)} is the account that serves: chown -R {own ?? Number(runner)} {folder}";
    }

    private static string Number(uint user) => user.ToString(CultureInfo.InvariantCulture);

    /// <summary>Null for an account without one, as a container's may be.</summary>
    private static string? NameOf(uint user) =>
        PasswordEntry(user) is var entry and not 0 ? Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry)) : null;

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, byte[] found);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();

    /// <returns>A struct passwd, which begins with the pointer to the name; 0 for none.</returns>
    [DllImport("libc", EntryPoint = "getpwuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint PasswordEntry(uint user);
}
