using System.DirectoryServices.Protocols;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Agent.Certificates;
using Portal.Policy;

namespace Agent.Directory.Channels;

/// <summary>Opens connections: LDAPS with a certificate of the configured authority (H63), a simple bind, and what the controller says of itself.</summary>
internal sealed class ChannelOpening
{
    /// <summary>Also where TLS failed: the library says no more.</summary>
    private const int ServerDown = 81;
    private const int InvalidCredentials = 49;

    /// <summary>Of the root DSE: who the directory took the caller for, with all groups.</summary>
    private const string OwnGroups = "tokenGroups";
    private const string ActiveDirectory = "1.2.840.113556.1.4.800";
    private static readonly string[] PolicyHints = ["1.2.840.113556.1.4.2239", "1.2.840.113556.1.4.2066"];
    private readonly DirectoryOptions options;
    private readonly string trusted;
    private readonly TimeProvider clock;
    private readonly ServerTrust trust;

    /// <param name="trusted">A folder of the agent's own, where the authority's certificate lies alone.</param>
    /// <exception cref="InvalidDataException">The configured authority cannot be read.</exception>
    public ChannelOpening(DirectoryOptions options, string trusted, TimeProvider clock)
    {
        LdapEnvironment.Fix();
        (this.options, this.trusted, this.clock) = (options, trusted, clock);
        var bundle = ReadAuthority(options.Ca);
        WriteTrusted(bundle, trusted);
        trust = new(bundle, "directory.ca");
    }

    /// <summary>Blocks until opened, refused or timed out.</summary>
    public Opening Open(string server)
    {
        var (password, problem) = BindPassword.Read(options.BindPasswordFile);
        if (password is null)
        {
            return new Opening.BindRefused(problem!);
        }

        var connection = NewConnection(server, new(options.BindName, password));
        try
        {
            Bind(connection);
            return new Opening.Opened(new(connection, Describe(connection, server), clock));
        }
        catch (LdapException e) when (e.ErrorCode == InvalidCredentials)
        {
            connection.Dispose();
            return new Opening.BindRefused($"{server} refused the bind as {options.BindName}: {e.ServerErrorMessage ?? e.Message}");
        }
        catch (LdapException e) when (e.ErrorCode == ServerDown && trust.Ask(server, options.Port, DirectoryLimits.Health) is { } refused)
        {
            connection.Dispose();
            return new Opening.Failed($"its certificate is not trusted: {refused}");
        }
        catch (Exception e) when (e is DirectoryException or InvalidDataException)
        {
            connection.Dispose();
            return new Opening.Failed($"{server}: {e.Message}");
        }
    }

    /// <summary>
    /// Whether the directory lets that account in with that password, over a connection of its own that is closed at once. Blocks as
    /// <see cref="Open"/> does. A text that the library would cut short is nobody's password: what is left of it may be empty, and would
    /// be let in as nobody (RFC 4513 5.1.2; H62).
    /// </summary>
    public BindAnswer Prove(string server, string dn, CurrentPassword password)
    {
        if (password.Reveal() is "" || password.Reveal().Contains('\0', StringComparison.Ordinal))
        {
            return new BindAnswer.Refused(BindAnswer.WrongPassword, "no password of a directory");
        }

        using var connection = NewConnection(server, new(dn, password.Reveal()));
        try
        {
            Bind(connection);
            return new BindAnswer.Accepted(OwnSids(Read(connection, "", OwnGroups)));
        }
        catch (LdapException e) when (e.ErrorCode == InvalidCredentials)
        {
            return BindAnswer.Of(e.ServerErrorMessage ?? "");
        }
        catch (Exception e) when (e is DirectoryException or InvalidDataException)
        {
            return new BindAnswer.Lost($"{server}: {e.Message}");
        }
    }

    private LdapConnection NewConnection(string server, NetworkCredential who) =>
        new(new LdapDirectoryIdentifier(server, options.Port, true, false), who, AuthType.Basic);

    private void Bind(LdapConnection connection)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException(
                "The agent runs on Linux: there alone its own authority can be given to the LDAP library."
            );
        }

        connection.AutoBind = false;
        connection.Timeout = DirectoryLimits.Open;
        connection.SessionOptions.ProtocolVersion = 3;
        connection.SessionOptions.ReferralChasing = ReferralChasingOptions.None;
        connection.SessionOptions.SecureSocketLayer = true;
        connection.SessionOptions.TrustedCertificatesDirectory = trusted;
        connection.SessionOptions.StartNewTlsSessionContext();
        connection.Bind();
    }

    private static HashSet<Sid> OwnSids(DirectoryEntry root) =>
        root.All<byte[]>(OwnGroups).Select(bytes => Sid.FromBytes(bytes)).OfType<Sid>().ToHashSet();

    private Controller Describe(LdapConnection connection, string server)
    {
        var root = Read(
            connection,
            "",
            "supportedControl",
            "supportedCapabilities",
            "vendorName",
            "dsServiceName",
            "currentTime",
            OwnGroups
        );
        var own = OwnSids(root);
        if (own.Count == 0)
        {
            throw new InvalidDataException("The directory does not say as whom it took the agent.");
        }

        var isSamba = root.Text("vendorName")?.Contains("Samba", StringComparison.Ordinal) == true;
        return new(
            server,
            InvocationId(connection, root.Text("dsServiceName")),
            ClockAhead(root.Text("currentTime")),
            PolicyHints.FirstOrDefault(root.All<string>("supportedControl").Contains),
            root.All<string>("supportedCapabilities").Contains(ActiveDirectory) && isSamba,
            !isSamba,
            own
        );
    }

    private static Guid? InvocationId(LdapConnection connection, string? service)
    {
        if (service is null)
        {
            return null;
        }

        try
        {
            return Read(connection, service, "invocationId").One<byte[]>("invocationId") is { Length: 16 } id ? new Guid(id) : null;
        }
        catch (DirectoryOperationException)
        {
            return null;
        }
    }

    private TimeSpan ClockAhead(string? generalizedTime) =>
        DateTimeOffset.TryParseExact(
            generalizedTime,
            "yyyyMMddHHmmss.f'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var theirs
        )
            ? theirs - clock.GetUtcNow()
            : TimeSpan.Zero;

    private static DirectoryEntry Read(LdapConnection connection, string dn, params string[] attributes)
    {
        var found = (SearchResponse)
            connection.SendRequest(new SearchRequest(dn, "(objectClass=*)", SearchScope.Base, attributes), DirectoryLimits.Open);
        return found.Entries.Count == 1 ? new(found.Entries[0]) : throw new InvalidDataException($"\"{dn}\" cannot be read.");
    }

    private static void WriteTrusted(X509Certificate2Collection bundle, string folder)
    {
        System.IO.Directory.CreateDirectory(folder);
        var (file, pem) = (
            Path.Combine(folder, "ca.pem"),
            string.Join('\n', CertificateBundle.Rooted(bundle).Select(a => a.ExportCertificatePem()))
        );
        if (!File.Exists(file) || File.ReadAllText(file) != pem)
        {
            File.WriteAllText(file, pem);
        }
    }

    private static X509Certificate2Collection ReadAuthority(string file)
    {
        try
        {
            return CertificateBundle.Problem(file) is { } problem
                ? throw new InvalidDataException($"directory.ca: {problem}")
                : CertificateBundle.Read(file)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InvalidDataException($"directory.ca: {e.Message}", e);
        }
    }
}

internal abstract record Opening
{
    private Opening() { }

    public sealed record Opened(DirectoryChannel Channel) : Opening;

    /// <summary>Asking again soon would count towards a lock-out of the agent's own account.</summary>
    public sealed record BindRefused(string Why) : Opening;

    public sealed record Failed(string Why) : Opening;
}
