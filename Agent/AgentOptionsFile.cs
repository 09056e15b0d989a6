using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Agent.Directory;
using Agent.DirectorySync;

namespace Agent;

/// <summary>What came of reading <c>agent.json</c>.</summary>
internal abstract record AgentOptionsReading
{
    private AgentOptionsReading() { }

    public sealed record Good(AgentOptions Options) : AgentOptionsReading;

    /// <param name="Errors">All of them, each naming its key.</param>
    public sealed record Wrong(IReadOnlyList<string> Errors) : AgentOptionsReading;
}

/// <summary>Reads <c>agent.json</c> and checks every value, so that one start shows every mistake.</summary>
internal static class AgentOptionsFile
{
    public const string Name = "agent.json";

    private const string Example = """
        {
          "portal": "https://reset.example.org",
          "directory": {
            "connector": "corp.example.org",
            "servers": ["dc1.corp.example.org"],
            "ca": "/etc/portal-agent/directory-ca.pem",
            "baseDn": "DC=corp,DC=example,DC=org",
            "scopes": ["OU=Staff,DC=corp,DC=example,DC=org"],
            "bindName": "svc-portal-agent@corp.example.org",
            "bindPasswordFile": "/etc/portal-agent/bind.secret"
          }
        }
        """;

    /// <param name="folder">The data folder; relative paths in the file start there.</param>
    public static AgentOptionsReading Read(string folder)
    {
        var file = Path.Combine(folder, Name);
        if (!File.Exists(file))
        {
            return new AgentOptionsReading.Wrong([$"{file} is missing. Write it, for example:\n{Example}"]);
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file), new() { AllowDuplicateProperties = false, MaxDepth = 8 });
            var errors = new List<string>();
            var options = ReadAll(new OptionsSection(json.RootElement, "", errors), folder);
            return errors.Count == 0 ? new AgentOptionsReading.Good(options) : new AgentOptionsReading.Wrong(errors);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return new AgentOptionsReading.Wrong([$"{file} cannot be read: {e.Message}"]);
        }
    }

    private static AgentOptions ReadAll(OptionsSection root, string folder)
    {
        var directory = root.Section("directory");
        var limits = root.SectionOrNone("limits");
        var sync = root.SectionOrNone("sync");
        var options = new AgentOptions
        {
            Portal = Origin(root, "portal"),
            PortalCa = root.TextOrNone("portalCa") is { } ca ? Authority(root, "portalCa", ca, folder) : null,
            Directory = ReadDirectory(directory, folder),
            Protected = root.Texts("protected", atLeast: 0),
            Limits = new()
            {
                SetsPerMinute = limits.Number("setsPerMinute", 60, 1, 100_000),
                SetsPerAccountPerHour = limits.Number("setsPerAccountPerHour", 10, 1, 1_000),
            },
            Sync = new() { IntervalSeconds = sync.Number("intervalSeconds", 300, 1, 86_400), PhoneCountry = Country(sync, "phoneCountry") },
        };
        foreach (var section in new[] { root, directory, limits, sync })
        {
            section.RefuseUnknown();
        }

        return options;
    }

    private static DirectoryOptions ReadDirectory(OptionsSection directory, string folder)
    {
        var baseDn = directory.Text("baseDn");
        var root = DistinguishedName.TryParse(baseDn);
        if (baseDn.Length > 0 && root is null)
        {
            directory.Wrong("baseDn", $"\"{baseDn}\" is no distinguished name; it looks like DC=corp,DC=example,DC=org.");
        }

        var scopes = directory.Texts("scopes", atLeast: 1);
        foreach (
            var outside in scopes.Where(scope => root is not null && DistinguishedName.TryParse(scope)?.IsOrLiesBelow(root) is not true)
        )
        {
            directory.Wrong("scopes", $"\"{outside}\" is not at or below {baseDn}.");
        }

        return new()
        {
            Connector = directory.Text("connector", maxLength: 255),
            Servers = directory.Texts("servers", atLeast: 1),
            Port = directory.Number("port", 636, 1, 65_535),
            Ca = Authority(directory, "ca", directory.Text("ca"), folder),
            BaseDn = baseDn,
            Scopes = scopes,
            BindName = directory.Text("bindName"),
            BindPasswordFile = PasswordFile(directory, folder),
        };
    }

    private static string? Country(OptionsSection sync, string key)
    {
        var code = sync.TextOrNone(key);
        if (code is not (null or "") && !PhoneFlow.IsCountry(code))
        {
            sync.Wrong(key, $"\"{code}\" is no country; write its two capital letters by ISO 3166-1, such as NL.");
        }

        return code;
    }

    private static string Origin(OptionsSection root, string key)
    {
        var text = root.Text(key);
        if (text.Length > 0 && !IsOrigin(text))
        {
            root.Wrong(key, $"\"{text}\" is no origin; it looks like https://reset.example.org, with no path behind it.");
        }

        return text.TrimEnd('/');
    }

    /// <summary>https, a host, perhaps a port, and at most a slash behind it.</summary>
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme == Uri.UriSchemeHttps
        && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" };

    private static string Authority(OptionsSection section, string key, string path, string folder)
    {
        if (path.Length == 0)
        {
            return "";
        }

        var file = Path.GetFullPath(path, folder);
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            if (certificates.Count == 0)
            {
                section.Wrong(key, $"{file} holds no certificate in PEM.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            section.Wrong(key, $"{file} cannot be read as certificates in PEM: {e.Message}");
        }

        return file;
    }

    private static string PasswordFile(OptionsSection directory, string folder)
    {
        const string key = "bindPasswordFile";
        var path = directory.Text(key);
        if (path.Length == 0)
        {
            return "";
        }

        var file = Path.GetFullPath(path, folder);
        try
        {
            if (string.IsNullOrWhiteSpace(File.ReadAllText(file)))
            {
                directory.Wrong(key, $"{file} is empty.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            directory.Wrong(key, $"{file} cannot be read: {e.Message}");
        }

        return file;
    }
}
