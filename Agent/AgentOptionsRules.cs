using System.Text.Encodings.Web;
using System.Text.Json;
using Agent.Certificates;
using Agent.Directory;
using Agent.Directory.Channels;
using Agent.DirectorySync;
using Agent.Relay.ServiceBus;
using Microsoft.Extensions.Configuration;
using Portal.Relay.ServiceBus;

namespace Agent;

/// <summary>What each value of <c>agent.json</c> must be.</summary>
internal static class AgentOptionsRules
{
    /// <summary>Values that hold one: most often a backslash that JSON read as the beginning of it (<c>CORP\new</c>).</summary>
    public static IEnumerable<string> ControlCharacters(IConfiguration json) =>
        json.AsEnumerable()
            .Where(value => value.Value?.Any(char.IsControl) is true)
            .Select(value =>
                $"{value.Key.Replace(':', '.')}: \"{Shown(value.Value!)}\" holds a control character at character {value.Value!.TakeWhile(c => !char.IsControl(c)).Count() + 1}; a backslash is written \\\\ in JSON."
            );

    /// <summary>As JSON has it.</summary>
    private static string Shown(string value) => JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    /// <summary>All of them; each begins with its key and says what to write.</summary>
    public static IEnumerable<string> Errors(AgentOptions options)
    {
        var (directory, limits, sync) = (options.Directory, options.Limits, options.Sync);
        var root = DistinguishedName.TryParse(directory.BaseDn);
        string?[] errors =
        [
            Origin("portal", options.Portal),
            options.PortalCa is { } roots ? Authority("portalCa", roots) : null,
            options.ServiceBusFile is { } key && ServiceBusKeyFile.Read(key) is ServiceBusKeyReading.Wrong(var why) ? $"{why}." : null,
            Text("directory.connector", directory.Connector, most: 255),
            Servers("directory.servers", directory.Servers),
            Number("directory.port", directory.Port, 1, 65_535) ?? Catalogue("directory.port", directory.Port),
            Authority("directory.ca", directory.Ca),
            AgentOptionsNames.BaseDn("directory.baseDn", directory.BaseDn),
            AgentOptionsNames.Scopes("directory.scopes", directory.Scopes, root),
            AgentOptionsNames.Below("directory.groups", directory.Groups, root),
            Text("directory.bindName", directory.BindName),
            Text("directory.bindPasswordFile", directory.BindPasswordFile) ?? BindPassword.Read(directory.BindPasswordFile).Problem,
            AgentOptionsNames.Protected("protected", options.Protected),
            Number("limits.setsPerMinute", limits.SetsPerMinute, 1, 100_000),
            Number("limits.setsPerAccountPerHour", limits.SetsPerAccountPerHour, 1, 1_000),
            Number("limits.wrongPasswordsPerAccountPerHour", limits.WrongPasswordsPerAccountPerHour, 1, 1_000),
            Number("sync.intervalSeconds", sync.IntervalSeconds, 1, 86_400),
            Country("sync.phoneCountry", sync.PhoneCountry),
        ];
        return errors.OfType<string>();
    }

    private static string? Text(string key, string value, int most = 2048) =>
        string.IsNullOrWhiteSpace(value) || value.Length > most ? $"{key}: write a text of 1 to {most} characters." : null;

    private static string? Servers(string key, IReadOnlyList<string> values) =>
        values.Count == 0 || values.Any(value => Uri.CheckHostName(value) == UriHostNameType.Unknown)
            ? $"{key}: write a list of at least one host name or address, with nothing before or behind it."
            : null;

    private static string? Number(string key, int value, int least, int most) =>
        value < least || value > most ? $"{key}: write a whole number from {least} to {most}." : null;

    /// <summary>The global catalogue answers every read, and takes no write.</summary>
    private static string? Catalogue(string key, int value) =>
        value is 3268 or 3269 ? $"{key}: {value} is the global catalogue, which is read-only; write 636." : null;

    /// <summary>https, a host, perhaps a port, and at most a slash behind it.</summary>
    private static string? Origin(string key, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri)
        && uri.Scheme == Uri.UriSchemeHttps
        && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? null
            : $"{key}: \"{value}\" is no origin; it looks like https://reset.example.org, with no path behind it.";

    private static string? Country(string key, string? value) =>
        value is null || PhoneFlow.IsCountry(value)
            ? null
            : $"{key}: \"{value}\" is no country; write its two capital letters by ISO 3166-1, such as NL.";

    private static string? Authority(string key, string file) =>
        CertificateBundle.Problem(file) is { } problem ? $"{key}: {problem}" : null;
}
