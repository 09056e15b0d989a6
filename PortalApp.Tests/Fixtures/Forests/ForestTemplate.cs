using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Fixtures.Forests;

/// <summary>A forest with everybody in it, provisioned once (some ten seconds) and copied for each use (a tenth of one).</summary>
internal static class ForestTemplate
{
    /// <summary>To be raised when <see cref="ProvisionAsync"/> or <see cref="DelegateAsync"/> changes; people and OUs are compared anyway.</summary>
    private const int Version = 3;

    public const string ResetPassword = "00299570-246d-11d0-a768-00aa006e0529";
    public const string LockoutTime = "28630ebf-41d5-11d1-a9c1-0000f80367c1";
    public const string PasswordSet = "bf967a0a-0de6-11d0-a285-00aa003049e2";
    private const string UserClass = "bf967aba-0de6-11d0-a285-00aa003049e2";
    private const string LongPasswordPolicy = "Long passwords";

    private static readonly string[] Lockout =
    [
        "--account-lockout-threshold=5",
        "--account-lockout-duration=0",
        "--reset-account-lockout-after=30",
        "--min-pwd-age=0",
        "--max-pwd-age=0",
    ];

    /// <summary>The template's folder, made when there is none of this version.</summary>
    public static async Task<string> EnsureAsync(TestCertificates certificates, CancellationToken cancellation)
    {
        var folder = Path.Combine(Repository.Scratch, "forest-template");
        var stamp = Path.Combine(folder, "version");
        await using var only = await FolderLock.TakeAsync(Path.Combine(Repository.Scratch, ".forest-template.lock"), cancellation);
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellation) == Fingerprint())
        {
            return folder;
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        await ProvisionAsync(folder, cancellation);
        await using (var forest = Forest.Open(folder, Forest.FreeAddress(), certificates))
        {
            await SamToolAsync(
                folder,
                ["domain", "passwordsettings", "set", "--min-pwd-length=12", "--complexity=on", .. Lockout],
                cancellation
            );
            await forest.StartAsync(cancellation);
            Populate(forest.Admin);
            await DelegateAsync(forest, cancellation);
        }

        await FineGrainedPolicyAsync(folder, cancellation);
        await File.WriteAllTextAsync(stamp, Fingerprint(), cancellation);
        return folder;
    }

    public static async Task CopyAsync(string template, string folder, CancellationToken cancellation)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        await Command.RequireAsync("cp", ["-a", "--sparse=auto", template, folder], cancellation: cancellation);
    }

    private static async Task ProvisionAsync(string folder, CancellationToken cancellation) =>
        await Command.RequireAsync(
            "samba-tool",
            [
                "domain",
                "provision",
                $"--targetdir={folder}",
                "--realm=CORP.TEST",
                "--domain=CORP",
                "--server-role=dc",
                "--dns-backend=NONE",
                $"--adminpass={Forest.AdminPassword}",
                $"--host-ip={IPAddress.Loopback}",
                "--host-name=dc1",
                "--use-rfc2307",
            ],
            cancellation: cancellation
        );

    private static void Populate(ForestDirectory directory)
    {
        foreach (var ou in ForestPopulation.Ous)
        {
            directory.Add($"{ou},{Forest.BaseDn}", ("objectClass", "organizationalUnit"));
        }

        directory.SetAttribute($"CN=Partitions,CN=Configuration,{Forest.BaseDn}", "uPNSuffixes", ForestPopulation.OtherSuffix);
        foreach (var account in ForestPopulation.All)
        {
            directory.AddAccount(account, account == ForestPopulation.Disabled ? 514 : 512);
        }

        directory.LockOut(ForestPopulation.Locked.Dn);
        var (rackAccess, serverOperations) = (Group("Rack Access"), Group("Server Operations"));
        directory.Add(rackAccess, ("objectClass", "group"), ("sAMAccountName", "Rack Access"));
        directory.Add(serverOperations, ("objectClass", "group"), ("sAMAccountName", "Server Operations"));
        directory.AddToGroup(rackAccess, ForestPopulation.Protected.Dn);
        var (colleagues, finance) = (ForestPopulation.StaffGroupDn, ForestPopulation.FinanceGroupDn);
        directory.Add(finance, ("objectClass", "group"), ("sAMAccountName", "Finance"));
        directory.Add(colleagues, ("objectClass", "group"), ("sAMAccountName", "Colleagues"));
        directory.AddToGroup(finance, ForestPopulation.User3.Dn);
        directory.AddToGroup(colleagues, ForestPopulation.User2.Dn);
        directory.AddToGroup(colleagues, finance);
        directory.AddToGroup(serverOperations, rackAccess);
        directory.AddToGroup($"CN=Domain Admins,CN=Users,{Forest.BaseDn}", serverOperations);
        foreach (var name in new[] { Forest.AgentUpn, Forest.OtherAgentUpn }.Select(upn => upn.Split('@')[0]))
        {
            directory.Add(
                ServiceAccount(name),
                ("objectClass", "user"),
                ("sAMAccountName", name),
                ("userPrincipalName", $"{name}@{ForestPopulation.Suffix}"),
                ("unicodePwd", Encoding.Unicode.GetBytes($"\"{Forest.AgentPassword}\"")),
                ("userAccountControl", "66048")
            );
        }
    }

    /// <summary>Least privilege: reset, unlock and "must change" on one OU's users each, and reading fine-grained policies.</summary>
    private static async Task DelegateAsync(Forest forest, CancellationToken cancellation)
    {
        foreach (var (upn, ou) in new[] { (Forest.AgentUpn, Forest.StaffDn), (Forest.OtherAgentUpn, Forest.OtherTenantDn) })
        {
            var sid = forest.Admin.Sid(ServiceAccount(upn.Split('@')[0]));
            await GrantAsync(
                forest.Folder,
                ou,
                $"(OA;CI;CR;{ResetPassword};{UserClass};{sid})(OA;CI;RPWP;{LockoutTime};{UserClass};{sid})(OA;CI;RPWP;{PasswordSet};{UserClass};{sid})",
                cancellation
            );
            await GrantAsync(
                forest.Folder,
                $"CN=Password Settings Container,CN=System,{Forest.BaseDn}",
                $"(A;CI;LCRPRC;;;{sid})",
                cancellation
            );
        }
    }

    private static async Task FineGrainedPolicyAsync(string folder, CancellationToken cancellation)
    {
        string[] pso = ["domain", "passwordsettings", "pso"];
        await SamToolAsync(
            folder,
            [.. pso, "create", LongPasswordPolicy, "10", "--min-pwd-length=16", "--complexity=on", "--history-length=24", .. Lockout],
            cancellation
        );
        await SamToolAsync(folder, [.. pso, "apply", LongPasswordPolicy, ForestPopulation.LongPassword.Sam], cancellation);
    }

    /// <summary>Puts entries before those that the object has (SDDL); also while the forest runs.</summary>
    public static Task GrantAsync(string folder, string dn, string sddl, CancellationToken cancellation) =>
        SamToolAsync(folder, ["dsacl", "set", $"--objectdn={dn}", $"--sddl={sddl}"], cancellation);

    /// <summary>On the database's files: dsacl and policies do not work over LDAPS with a private authority.</summary>
    private static async Task SamToolAsync(string folder, string[] arguments, CancellationToken cancellation) =>
        await Command.RequireAsync(
            "samba-tool",
            [.. arguments, "-s", Path.Combine(folder, "etc", "smb.conf"), "-H", Path.Combine(folder, "private", "sam.ldb")],
            cancellation: cancellation
        );

    private static string Group(string name) => $"CN={name},{ForestPopulation.GroupsOu},{Forest.BaseDn}";

    private static string ServiceAccount(string name) => $"CN={name},{ForestPopulation.ServiceAccountsOu},{Forest.BaseDn}";

    private static string Fingerprint()
    {
        var content = string.Join(
            '\n',
            [Version.ToString(CultureInfo.InvariantCulture), .. ForestPopulation.Ous, .. ForestPopulation.All.Select(a => a.ToString())]
        );
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }
}
