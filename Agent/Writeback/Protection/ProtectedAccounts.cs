using Agent.Directory;
using Agent.Directory.Accounts;

namespace Agent.Writeback.Protection;

/// <summary>
/// Which accounts no portal may ever set, however it asks (M8, H66, H103, H105): decided from what was read live, by numbers and not by names.
/// </summary>
internal static class ProtectedAccounts
{
    private const uint AdministratorRid = 500;
    private const uint KrbtgtRid = 502;

    private const int NormalAccount = 0x200;
    private const int TrustAccounts = 0x800 | 0x1000 | 0x2000;

    /// <summary>Administrators, account, server, print and backup operators, replicator.</summary>
    private static readonly HashSet<uint> BuiltinGroups = [544, 548, 549, 550, 551, 552];

    /// <summary>Domain admins and controllers, certificate publishers, schema and enterprise admins, policy creators, read-only controllers, key admins.</summary>
    private static readonly HashSet<uint> DomainGroups = [512, 516, 517, 518, 519, 520, 521, 526, 527];

    private static readonly string[] MachineClasses =
    [
        "computer",
        "msds-managedserviceaccount",
        "msds-groupmanagedserviceaccount",
        "msds-delegatedmanagedserviceaccount",
    ];

    /// <returns>Why the account is protected; null when it is not.</returns>
    public static string? Why(AccountState account, IReadOnlySet<Sid> ownSids, ProtectedList list)
    {
        if (account.Sid.Rid is AdministratorRid or KrbtgtRid)
        {
            return $"built-in account {account.Sid.Rid}";
        }

        if (!account.ObjectClasses.Contains("user") || MachineClasses.Any(account.ObjectClasses.Contains))
        {
            return "not a person's account";
        }

        if ((account.UserAccountControl & TrustAccounts) != 0 || (account.UserAccountControl & NormalAccount) == 0)
        {
            return "a computer's or trust's account";
        }

        if (account.Groups.Where(IsProtectedGroup).Select(group => group.Value).FirstOrDefault() is { } group)
        {
            return $"member of {group}";
        }

        if (DomainGroups.Contains((uint)account.PrimaryGroupId))
        {
            return $"primary group {account.PrimaryGroupId}";
        }

        if (ownSids.Contains(account.Sid))
        {
            return "the agent's own account";
        }

        return list.Holds(account) ? "on the agent's own list" : null;
    }

    private static bool IsProtectedGroup(Sid group) =>
        (group.IsOfDomain && DomainGroups.Contains(group.Rid)) || (group.IsBuiltin && BuiltinGroups.Contains(group.Rid));
}

/// <summary>The agent file's list, looked up in the directory.</summary>
/// <param name="Sids">Of accounts and groups.</param>
/// <param name="Names">Of accounts, and of units and containers with all that lies below.</param>
internal sealed record ProtectedList(IReadOnlySet<Sid> Sids, IReadOnlyList<DistinguishedName> Names)
{
    public bool Holds(AccountState account) =>
        Sids.Contains(account.Sid)
        || Sids.Overlaps(account.Groups)
        || Sids.Any(sid => sid.IsOfDomain && sid.Value == PrimaryGroup(account))
        || (DistinguishedName.TryParse(account.Dn) is { } name ? Names.Any(name.IsOrLiesBelow) : Names.Count > 0);

    private static string PrimaryGroup(AccountState account) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{account.Sid.Value[..account.Sid.Value.LastIndexOf('-')]}-{account.PrimaryGroupId}"
        );
}
