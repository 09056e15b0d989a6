using System.DirectoryServices.Protocols;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Fixtures.Forests;

/// <summary>
/// The Active Directory forest CORP.TEST: one Samba domain controller in one process on one loopback address, in a folder that is a copy of
/// <see cref="ForestTemplate"/>. Its certificate is signed by the test authority and names the host and the address.
/// </summary>
internal sealed class Forest : IAsyncDisposable
{
    public const string BaseDn = "DC=corp,DC=test";
    public const string StaffDn = $"{ForestPopulation.StaffOu},{BaseDn}";
    public const string OtherTenantDn = $"{ForestPopulation.OtherTenantOu},{BaseDn}";
    public const string AdminUpn = "Administrator@corp.test";
    public const string AdminPassword = "Harbour-Lantern-9035";

    /// <summary>May reset and unlock in OU=Staff, and nothing else.</summary>
    public const string AgentUpn = "svc-portal-agent@corp.test";

    /// <summary>May reset and unlock in OU=Other Tenant, and nothing else.</summary>
    public const string OtherAgentUpn = "svc-other-agent@corp.test";

    public const string AgentPassword = "Granite-Ferry-6208";

    private const int LdapsPort = 636;

    /// <summary>Characters of a folder beyond which Samba's sockets below it would pass the kernel's 107.</summary>
    private const int LongestSocketFolder = 60;

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    private static int taken;

    private Forest(string folder, IPAddress address, TestCertificates certificates)
    {
        Folder = folder;
        Address = address;
        AuthorityFile = certificates.AuthorityFile;
        Admin = new(address, LdapsPort, certificates.TrustedFolder);
    }

    public string Folder { get; }
    public IPAddress Address { get; }
    public string AuthorityFile { get; }
    public string LogFile => Path.Combine(Folder, "log", "samba.log");
    public Uri Ldaps => new($"ldaps://{Address}:{LdapsPort}");

    /// <summary>The administrator's and any person's view, over LDAPS.</summary>
    public ForestDirectory Admin { get; }

    public ChildProcess? Process { get; private set; }

    /// <summary>
    /// As if the account's password had been set so long ago: in the database's own file, past the directory, which takes no time for that. Other
    /// than by age no password expires there, and none by less than a day.
    /// </summary>
    public Task AgePasswordAsync(string dn, TimeSpan age, CancellationToken cancellation = default)
    {
        const string write = """
            import ldb, sys
            from samba import Ldb
            db = Ldb("tdb://" + sys.argv[1])
            change = ldb.Message(ldb.Dn(db, sys.argv[2]))
            change["pwdLastSet"] = ldb.MessageElement(sys.argv[3], ldb.FLAG_MOD_REPLACE, "pwdLastSet")
            db.modify(change)
            """;
        var file = Path.Combine(Folder, "private", "sam.ldb.d", $"{BaseDn.ToUpperInvariant()}.ldb");
        var set = (TimeProvider.System.GetUtcNow() - age).ToFileTime().ToString(CultureInfo.InvariantCulture);
        return Command.RequireAsync("/usr/bin/python3", ["-c", write, file, dn, set], cancellation: cancellation);
    }

    /// <summary>Copies the template and writes what depends on the place; nothing runs yet.</summary>
    public static async Task<Forest> PrepareAsync(
        string folder,
        IPAddress address,
        TestCertificates certificates,
        CancellationToken cancellation = default
    )
    {
        var template = await ForestTemplate.EnsureAsync(certificates, cancellation);
        await ForestTemplate.CopyAsync(template, folder, cancellation);
        return Open(folder, address, certificates);
    }

    public static async Task<Forest> StartNewAsync(
        string folder,
        IPAddress address,
        TestCertificates certificates,
        CancellationToken cancellation = default
    )
    {
        var forest = await PrepareAsync(folder, address, certificates, cancellation);
        await forest.StartAsync(cancellation);
        return forest;
    }

    /// <summary>A loopback address that nobody serves a directory on; every process looks in a range of its own, and the demo's is in none.</summary>
    public static IPAddress FreeAddress()
    {
        for (var attempt = 0; attempt < 250; attempt++)
        {
            var last = 1 + (Interlocked.Increment(ref taken) % 250);
            var address = new IPAddress([
                127,
                (byte)(1 + (Environment.ProcessId % 200)),
                (byte)(20 + (Environment.ProcessId / 200 % 200)),
                (byte)last,
            ]);
            if (IsFree(address))
            {
                return address;
            }
        }

        throw new InvalidOperationException("No loopback address is free for a directory.");
    }

    /// <summary>Whether nothing listens on the ports of a directory at that address.</summary>
    public static bool IsFree(IPAddress address) =>
        new[] { 389, LdapsPort, 88, 464, 3268, 3269 }.All(port => Loopback.IsFree(address, port));

    /// <summary>Starts the domain controller and does not wait.</summary>
    public async Task<ChildProcess> LaunchAsync() =>
        Process = await ChildProcess.StartAsync("samba", ["-i", "-M", "single", "-s", Path.Combine(Folder, "etc", "smb.conf")], LogFile);

    public Task WaitUntilAnsweringAsync(CancellationToken cancellation = default) =>
        Eventually.TrueAsync(Answers, StartDeadline, $"the directory on {Address} (its log: {LogFile})", cancellation);

    /// <summary>Starts the domain controller (again) and waits until it answers a bind.</summary>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        await LaunchAsync();
        try
        {
            await WaitUntilAnsweringAsync(cancellation);
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    /// <summary>A bare LDAPS connection, bound; the caller's to dispose.</summary>
    public System.DirectoryServices.Protocols.LdapConnection ConnectAs(string upn, string password) =>
        ForestDirectory.Connect(Address, LdapsPort, Path.GetDirectoryName(AuthorityFile)!, upn, password);

    public async Task StopAsync()
    {
        if (Process is { } running)
        {
            await running.DisposeAsync();
            Process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await StopAsync();
        File.Delete(ShortLink(Folder));
    }

    internal static Forest Open(string folder, IPAddress address, TestCertificates certificates)
    {
        var tls = certificates.Issue(Path.Combine(folder, "private", "tls"), "dc1", ["dc1.corp.test", "corp.test"], [address]);
        Directory.CreateDirectory(Path.Combine(folder, "log"));
        Directory.CreateDirectory(Path.Combine(folder, "run"));
        var forest = new Forest(folder, address, certificates);
        File.WriteAllText(Path.Combine(folder, "etc", "smb.conf"), forest.Configuration(tls, ShortPath(folder)));
        return forest;
    }

    /// <summary>The folder itself, or a link to it from where only root may make one.</summary>
    private static string ShortPath(string folder)
    {
        if (folder.Length <= LongestSocketFolder)
        {
            return folder;
        }

        var link = ShortLink(folder);
        File.Delete(link);
        File.CreateSymbolicLink(link, folder);
        return link;
    }

    private static string ShortLink(string folder) =>
        $"/run/forest-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16]}";

    private bool Answers()
    {
        if (Process!.Exited.IsCompleted)
        {
            throw new InvalidOperationException($"The directory on {Address} ended at once; its log is {LogFile}.");
        }

        try
        {
            return Admin.Bind(AgentUpn, AgentPassword) is { Accepted: true } || Admin.Bind(AdminUpn, AdminPassword).Accepted;
        }
        catch (DirectoryException)
        {
            return false;
        }
    }

    /// <summary>The interface needs its /8: with a bare address Samba finds no interface and stays alive without a port.</summary>
    private string Configuration(ServerCertificate tls, string place) =>
        $"""
            [global]
            netbios name = DC1
            realm = CORP.TEST
            workgroup = CORP
            server role = active directory domain controller
            server services = ldap, cldap, kdc
            interfaces = {Address}/8
            bind interfaces only = yes
            idmap_ldb:use rfc2307 = yes
            old password allowed period = 0
            binddns dir = {place}/bind-dns
            cache directory = {place}/cache
            lock directory = {place}
            private dir = {place}/private
            state directory = {place}/state
            pid directory = {place}/run
            ncalrpc dir = {place}/run/ncalrpc
            log file = {LogFile}
            logging = file
            max log size = 10000
            tls enabled = yes
            tls certfile = {tls.CertificateFile}
            tls keyfile = {tls.KeyFile}
            tls cafile = {AuthorityFile}

            """;
}
