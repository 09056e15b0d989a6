using System.Net;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.Writeback;

namespace PortalApp;

/// <summary>The configuration is wrong; one sentence for each value, which names its key.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<string> Errors => errors;
}

/// <summary>Looks at all values before anything starts.</summary>
internal static class Configuration
{
    public static void ThrowIfWrong(WebApplicationBuilder builder)
    {
        var unreadable = new List<string>();
        var portal = Read<PortalOptions>(builder, PortalOptions.Section, unreadable);
        var mail = Read<MailOptions>(builder, MailOptions.Section, unreadable);
        var writeback = Read<WritebackOptions>(builder, WritebackOptions.Section, unreadable);
        string[] errors =
        [
            .. unreadable,
            .. portal?.Errors() ?? [],
            .. mail?.Errors(builder.Environment.IsDevelopment(), ListensOnLoopbackAlone(builder.Configuration)) ?? [],
            .. writeback?.Errors() ?? [],
        ];
        if (errors.Length > 0)
        {
            throw new ConfigurationException(errors);
        }
    }

    private static T? Read<T>(WebApplicationBuilder builder, string section, List<string> errors)
        where T : class, new()
    {
        try
        {
            return builder.Configuration.GetSection(section).Get<T>() ?? new T();
        }
        catch (InvalidOperationException e)
        {
            errors.Add(e.Message);
            return null;
        }
    }

    /// <summary>An address that is not told defaults to loopback, as the framework's own.</summary>
    private static bool ListensOnLoopbackAlone(ConfigurationManager configuration)
    {
        var urls = (configuration["Urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"] ?? "");
        var ports = (configuration["HTTP_PORTS"] ?? "") + (configuration["HTTPS_PORTS"] ?? "");
        return ports.Length == 0 && urls.Concat(endpoints).All(IsLoopback);
    }

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));
}
