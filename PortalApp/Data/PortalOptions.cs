namespace PortalApp.Data;

/// <summary>What the operator must say of this portal.</summary>
internal sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>The address people use: https, no path, no trailing slash. Links and tokens carry it, whatever a request claims (H47).</summary>
    public string Origin { get; set; } = "";

    /// <summary>Absolute folder of the database.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>Absolute; unless told, systemd's credential <c>portal-master-key</c>, else <c>keys/master.key</c> in the data directory.</summary>
    public string? MasterKeyFile { get; set; }

    public string ResolvedMasterKeyFile =>
        !string.IsNullOrEmpty(MasterKeyFile)
            ? MasterKeyFile
            : SystemdCredentials.Find("portal-master-key") ?? Path.Combine(DataDirectory, "keys", "master.key");

    public string DatabaseFile => Path.Combine(DataDirectory, "portal.db");

    public IEnumerable<string> Errors()
    {
        if (!Uri.TryCreate(Origin, UriKind.Absolute, out var origin) || origin.Scheme != Uri.UriSchemeHttps)
        {
            yield return "Portal:Origin: write the https address that people use, such as https://portal.example.com.";
        }
        else if (Origin != origin.GetLeftPart(UriPartial.Authority))
        {
            yield return $"Portal:Origin: write it without a path or a trailing slash: {origin.GetLeftPart(UriPartial.Authority)}.";
        }

        if (!Path.IsPathFullyQualified(DataDirectory))
        {
            yield return "Portal:DataDirectory: write the absolute path of the folder for the database.";
        }

        if (!string.IsNullOrEmpty(MasterKeyFile) && !Path.IsPathFullyQualified(MasterKeyFile))
        {
            yield return "Portal:MasterKeyFile: write an absolute path.";
        }
    }
}
