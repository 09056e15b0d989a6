using System.Diagnostics;
using Agent.Directory.Channels;

namespace Agent.Directory.Accounts;

/// <summary>
/// Reads an account live, by objectGUID, in one base search (only such a one answers <c>tokenGroups</c>). What a controller must compute is
/// dear, so it is asked only where it decides: whether a lock-out still holds, and whether this agent may end it.
/// </summary>
internal static class AccountReader
{
    private const int NoSuchObject = 32;
    private const int Lockout = 0x10;
    private const string LockoutTime = "lockoutTime";
    private const string PasswordSet = "pwdLastSet";
    private const string WritableAttributes = "allowedAttributesEffective";
    private const string ComputedControl = "msDS-User-Account-Control-Computed";

    private static readonly string[] Attributes =
    [
        "objectGUID",
        "objectSid",
        "objectClass",
        "userAccountControl",
        "primaryGroupID",
        "tokenGroups",
        "adminCount",
        LockoutTime,
        PasswordSet,
        "replPropertyMetaData",
        "sAMAccountName",
        "displayName",
        "accountExpires",
    ];

    public static string DnOf(Guid objectGuid) => $"<GUID={objectGuid:D}>";

    public static async Task<AccountReading> ReadAsync(DirectoryChannel channel, Guid objectGuid) =>
        await channel.ReadAsync(DnOf(objectGuid), Attributes) switch
        {
            DirectoryReply.Done done when DirectoryEntry.Only(done) is { } entry => Judge(
                entry,
                objectGuid,
                await LockOfAsync(channel, entry, objectGuid)
            ),
            DirectoryReply.Done => new AccountReading.NotFound(),
            DirectoryReply.Refused(NoSuchObject, _) => new AccountReading.NotFound(),
            DirectoryReply.Refused(var code, var text) => new AccountReading.Unreadable($"the directory answered {code}: {text}"),
            DirectoryReply.Lost(var why) => new AccountReading.Lost(why),
            DirectoryReply.NotSent(var why) => new AccountReading.Lost(why),
            _ => throw new UnreachableException(),
        };

    private static AccountReading Judge(DirectoryEntry entry, Guid objectGuid, Lock held)
    {
        if (entry.One<byte[]>("objectGUID") is not { Length: 16 } guid || new Guid(guid) != objectGuid)
        {
            return new AccountReading.Unreadable("objectGUID");
        }

        if (entry.Sid("objectSid") is not { } sid)
        {
            return new AccountReading.Unreadable("objectSid");
        }

        if (entry.Number("userAccountControl") is not { } control)
        {
            return new AccountReading.Unreadable("userAccountControl");
        }

        if (entry.Number("primaryGroupID") is not { } primaryGroup)
        {
            return new AccountReading.Unreadable("primaryGroupID");
        }

        var groups = entry.All<byte[]>("tokenGroups").Select(bytes => Sid.FromBytes(bytes)).ToArray();
        if (groups.Length == 0 || groups.Contains(null))
        {
            return new AccountReading.Unreadable("tokenGroups");
        }

        var classes = entry.All<string>("objectClass").Select(name => name.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        if (classes.Count == 0)
        {
            return new AccountReading.Unreadable("objectClass");
        }

        var written = entry.One<byte[]>("replPropertyMetaData");
        return new AccountReading.Read(
            new(
                objectGuid,
                entry.Dn,
                sid,
                classes,
                control,
                primaryGroup,
                groups.OfType<Sid>().ToHashSet(),
                entry.Text("adminCount") is { } count && count.Trim() != "0",
                held.Holds,
                written is null ? null : WriteCounter.Parse(written),
                TimeOf(entry.Large(PasswordSet)),
                entry.Text("sAMAccountName") ?? "",
                entry.Text("displayName"),
                TimeOf(entry.Large("accountExpires")),
                held.UnlockRefused,
                written is null ? null : WriteCounter.Parse(written, WriteCounter.OfLock)
            )
        );
    }

    /// <summary>Of the one password that was set since; null where it cannot be read, or another was set after it.</summary>
    public static async Task<DateTimeOffset?> PasswordSetAtAsync(DirectoryChannel channel, AccountState before) =>
        before.Counter is { } counter
        && DirectoryEntry.Only(await channel.ReadAsync(DnOf(before.ObjectGuid), "pwdLastSet", "replPropertyMetaData")) is { } entry
        && entry.One<byte[]>("replPropertyMetaData") is { } data
        && WriteCounter.Parse(data)?.Version == counter.Version + 1
            ? TimeOf(entry.Large("pwdLastSet"))
            : null;

    /// <summary>Null for 0 and for what lies beyond all time, by both of which a directory says "never".</summary>
    public static DateTimeOffset? TimeOf(long? fileTime) =>
        fileTime is { } time and > 0 && time < DateTimeOffset.MaxValue.ToFileTime() ? DateTimeOffset.FromFileTime(time) : null;

    /// <summary>
    /// A lock-out that has run out by itself leaves its time behind; the computed flag knows. Where the answer is none, both is tried: the directory
    /// decides.
    /// </summary>
    private static async Task<Lock> LockOfAsync(DirectoryChannel channel, DirectoryEntry entry, Guid objectGuid)
    {
        if (entry.Large(LockoutTime) is not > 0)
        {
            return new(Holds: false, UnlockRefused: false);
        }

        if (DirectoryEntry.Only(await channel.ReadAsync(DnOf(objectGuid), ComputedControl, WritableAttributes)) is not { } computed)
        {
            return new(Holds: true, UnlockRefused: false);
        }

        var holds = computed.Number(ComputedControl) is not { } control || (control & Lockout) != 0;
        return new(holds, holds && !computed.All<string>(WritableAttributes).Contains(LockoutTime, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Whether the agent's account may have somebody choose another password at the next sign-in; where nothing tells, the directory decides.</summary>
    public static async Task<bool> MayRequireChangeAsync(DirectoryChannel channel, Guid objectGuid) =>
        DirectoryEntry.Only(await channel.ReadAsync(DnOf(objectGuid), WritableAttributes)) is not { } entry
        || entry.All<string>(WritableAttributes).Contains(PasswordSet, StringComparer.OrdinalIgnoreCase);

    private readonly record struct Lock(bool Holds, bool UnlockRefused);
}
