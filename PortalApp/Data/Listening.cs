using Microsoft.Extensions.Options;

namespace PortalApp.Data;

/// <summary>Where the portal is told to listen: on https alone, since forms and cookies work by nothing else and no proxy is trusted to end it.</summary>
internal sealed class Listening(IConfiguration configuration) : IValidateOptions<PortalOptions>
{
    private static readonly string[] CertificateFiles = ["Kestrel:Certificates:Default:Path", "Kestrel:Certificates:Default:KeyPath"];

    /// <summary>An address that is not told defaults to loopback, as the framework's own.</summary>
    public bool IsOnLoopbackAlone =>
        string.IsNullOrEmpty(configuration["HTTP_PORTS"] + configuration["HTTPS_PORTS"])
        && Urls.Concat(Endpoints.Select(endpoint => endpoint["Url"] ?? "")).All(IsLoopback);

    private string[] Urls =>
        (configuration["Urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private IEnumerable<IConfigurationSection> Endpoints => configuration.GetSection("Kestrel:Endpoints").GetChildren();

    public ValidateOptionsResult Validate(string? name, PortalOptions options)
    {
        string[] errors =
        [
            .. Urls.Length == 0 && !Endpoints.Any() && string.IsNullOrEmpty(configuration["HTTPS_PORTS"])
                ? ["Urls: write the https address on which the portal listens, such as https://0.0.0.0:443."]
                : Array.Empty<string>(),
            .. Urls.Where(url => !IsHttps(url)).Select(url => $"Urls: \"{url}\" is no https address."),
            .. Endpoints.Where(e => !IsHttps(e["Url"])).Select(e => $"{e.Path}:Url: \"{e["Url"]}\" is no https address."),
            .. bool.TryParse(configuration["ForwardedHeaders_Enabled"], out var believes) && believes
                ?
                [
                    "ForwardedHeaders_Enabled: it would believe anybody who says from where a call came; take it away, and name your proxies in Portal:TrustedProxies.",
                ]
                : Array.Empty<string>(),
            .. CertificateFiles
                .Where(key => configuration[key] is { Length: > 0 } file && !File.Exists(file))
                .Select(key => $"{key}: there is no file {configuration[key]}."),
        ];
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static bool IsHttps(string? url) => url?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) is true;

    private static bool IsLoopback(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && Loopback.Is(address.Host);
}
