using FluentValidation;
using Npgsql;

namespace PortalApp.Data;

internal enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}

/// <summary>What the operator must say of this portal.</summary>
internal sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>The address people use: https, no path, no trailing slash. Links and tokens carry it, whatever a request claims (H47).</summary>
    public string Origin { get; set; } = "";

    /// <summary>Absolute folder of SQLite's file, and of the master key unless told otherwise.</summary>
    public string DataDirectory { get; set; } = "";

    public DatabaseKind Database { get; set; }

    /// <summary>Absolute; a file, since it holds PostgreSQL's password. Unless told, systemd's credential <c>portal-database</c>.</summary>
    public string? ConnectionStringFile { get; set; }

    /// <summary>Absolute; unless told, systemd's credential <c>portal-master-key</c>, else <c>keys/master.key</c> in the data directory.</summary>
    public string? MasterKeyFile { get; set; }

    /// <summary>Reverse proxies that may say from where a call came: addresses, or networks such as 10.1.0.0/16.</summary>
    public IList<string> TrustedProxies { get; init; } = [];

    /// <summary>Behind each of which many people stand, as <see cref="TrustedProxies"/>.</summary>
    public IList<string> LargeNetworks { get; init; } = [];

    /// <summary>Whether a browser says that a page of ours asks; what is no browser says nothing.</summary>
    public bool IsOrigin(HttpRequest request) =>
        request.Headers.Origin.ToString() is var from
        && (from.Length == 0 || from.Equals(Origin, StringComparison.OrdinalIgnoreCase) || from == $"{request.Scheme}://{request.Host}");

    public string? ResolvedConnectionStringFile =>
        !string.IsNullOrEmpty(ConnectionStringFile) ? ConnectionStringFile : SystemdCredentials.Find("portal-database");

    public string ResolvedMasterKeyFile =>
        !string.IsNullOrEmpty(MasterKeyFile)
            ? MasterKeyFile
            : SystemdCredentials.Find("portal-master-key") ?? Path.Combine(DataDirectory, "keys", "master.key");

    public string DatabaseFile => Path.Combine(DataDirectory, "portal.db");

    public string ReadConnectionString() => File.ReadAllText(ResolvedConnectionStringFile!).Trim();
}

internal sealed class PortalOptionsValidator : AbstractValidator<PortalOptions>
{
    public PortalOptionsValidator()
    {
        RuleFor(p => p.Origin)
            .Cascade(CascadeMode.Stop)
            .Must(origin => OriginOf(origin) is not null)
            .WithMessage("Portal:Origin: write the https address that people use, such as https://portal.example.com.")
            .Must(origin => origin == OriginOf(origin))
            .WithMessage(p => $"Portal:Origin: write it without a path or a trailing slash: {OriginOf(p.Origin)}.");
        RuleFor(p => p.DataDirectory)
            .Must(Path.IsPathFullyQualified)
            .WithMessage("Portal:DataDirectory: write the absolute path of the folder for the portal's own files.");
        RuleFor(p => p.MasterKeyFile)
            .Must(path => Path.IsPathFullyQualified(path!))
            .Unless(p => string.IsNullOrEmpty(p.MasterKeyFile))
            .WithMessage("Portal:MasterKeyFile: write an absolute path.");
        RuleForEach(p => p.TrustedProxies)
            .Must(proxy => Data.TrustedProxies.TryParse(proxy) is not null)
            .WithMessage(
                (_, proxy) =>
                    $"Portal:TrustedProxies: \"{proxy}\" is no proxy's address or network; write one such as 10.1.0.5 or 10.1.0.0/16."
            );
        RuleForEach(p => p.LargeNetworks)
            .Must(network => Data.TrustedProxies.TryParse(network) is not null)
            .WithMessage(
                (_, network) => $"Portal:LargeNetworks: \"{network}\" is no network; write one such as 203.0.113.7 or 203.0.113.0/24."
            );
        RuleFor(p => p)
            .Custom(
                (portal, told) =>
                {
                    if (ConnectionProblem(portal) is { } problem)
                    {
                        told.AddFailure($"Portal:ConnectionStringFile: {problem}");
                    }
                }
            );
    }

    /// <summary>Scheme, host and port; null where it is no https address.</summary>
    private static string? OriginOf(string typed) =>
        Uri.TryCreate(typed, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
            ? address.GetLeftPart(UriPartial.Authority)
            : null;

    /// <summary>Says nothing of what stands in the file: it holds a password.</summary>
    private static string? ConnectionProblem(PortalOptions portal)
    {
        const string Wanted = "write Host=…;Database=…;Username=…;Password=… into it, on one line.";
        if (portal.Database != DatabaseKind.PostgreSql)
        {
            return string.IsNullOrEmpty(portal.ConnectionStringFile)
                ? null
                : "it is for Portal:Database PostgreSql alone; take one of the two away.";
        }

        if (portal.ResolvedConnectionStringFile is not { } file)
        {
            return $"Portal:Database is PostgreSql, so name the owner-only file of its connection, and {Wanted}";
        }

        try
        {
            var connection = new NpgsqlConnectionStringBuilder(portal.ReadConnectionString());
            return OwnersFile.Complaint(file)
                ?? (
                    string.IsNullOrEmpty(connection.Host) || string.IsNullOrEmpty(connection.Database)
                        ? $"{file} cannot be read; {Wanted}"
                        : null
                );
        }
        catch (ArgumentException)
        {
            return $"{file} cannot be read; {Wanted}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
