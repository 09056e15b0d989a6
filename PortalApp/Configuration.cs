using System.ComponentModel;
using FluentValidation;
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
    private static readonly string[] CertificateFiles = ["Kestrel:Certificates:Default:Path", "Kestrel:Certificates:Default:KeyPath"];

    public static void ThrowIfWrong(WebApplicationBuilder builder, bool serves)
    {
        var unreadable = new List<string>();
        var portal = Read<PortalOptions>(builder, PortalOptions.Section, unreadable);
        var mail = Read<MailOptions>(builder, MailOptions.Section, unreadable);
        var writeback = Read<WritebackOptions>(builder, WritebackOptions.Section, unreadable);
        string[] errors =
        [
            .. unreadable,
            .. Errors(new PortalOptionsValidator(), portal),
            .. Errors(new MailOptionsValidator(builder.Environment.IsDevelopment(), ListensOnLoopbackAlone(builder.Configuration)), mail),
            .. Errors(new WritebackOptionsValidator(), writeback),
            .. serves ? ListeningErrors(builder.Configuration) : [],
        ];
        if (errors.Length > 0)
        {
            throw new ConfigurationException(errors);
        }
    }

    private static IEnumerable<string> Errors<T>(AbstractValidator<T> validator, T options) =>
        validator.Validate(options).Errors.Select(error => error.ErrorMessage);

    private static T Read<T>(WebApplicationBuilder builder, string section, List<string> errors)
        where T : class, new() => (T)Read(new T(), builder.Configuration.GetSection(section), errors);

    /// <summary>Value by value, so that one that cannot be read hides no other.</summary>
    private static object Read(object options, IConfigurationSection section, List<string> errors)
    {
        foreach (var property in options.GetType().GetProperties().Where(p => p.CanWrite))
        {
            var told = section.GetSection(property.Name);
            if (property.GetValue(options) is { } nested and not (string or ValueType))
            {
                Read(nested, told, errors);
            }
            else if (told.Value is { } text)
            {
                try
                {
                    property.SetValue(options, Convert(text, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType));
                }
                catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or NotSupportedException)
                {
                    errors.Add($"{told.Path}: \"{text}\" cannot be read; write {Wanted(property.PropertyType)}.");
                }
            }
        }

        return options;
    }

    private static string Wanted(Type type) =>
        type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type))
        : type == typeof(int) ? "a whole number"
        : $"a value of the kind {type.Name}";

    private static object? Convert(string text, Type type) =>
        type.IsEnum && !Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase)
            ? throw new FormatException()
            : TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);

    /// <summary>Forms and cookies work over https alone, and what a proxy would end there is not trusted.</summary>
    private static IEnumerable<string> ListeningErrors(ConfigurationManager configuration)
    {
        var urls = Split(configuration["Urls"]);
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().ToArray();
        if (urls.Length == 0 && endpoints.Length == 0 && string.IsNullOrEmpty(configuration["HTTPS_PORTS"]))
        {
            yield return "Urls: write the https address on which the portal listens, such as https://0.0.0.0:443.";
        }

        foreach (var url in urls.Where(u => !IsHttps(u)))
        {
            yield return $"Urls: \"{url}\" is no https address.";
        }

        foreach (var endpoint in endpoints.Where(e => !IsHttps(e["Url"])))
        {
            yield return $"{endpoint.Path}:Url: \"{endpoint["Url"]}\" is no https address.";
        }

        foreach (var key in CertificateFiles)
        {
            if (configuration[key] is { Length: > 0 } file && !File.Exists(file))
            {
                yield return $"{key}: there is no file {file}.";
            }
        }
    }

    private static bool IsHttps(string? url) => url?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) is true;

    private static string[] Split(string? urls) =>
        (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>An address that is not told defaults to loopback, as the framework's own.</summary>
    private static bool ListensOnLoopbackAlone(ConfigurationManager configuration)
    {
        var urls = Split(configuration["Urls"]);
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"] ?? "");
        var ports = (configuration["HTTP_PORTS"] ?? "") + (configuration["HTTPS_PORTS"] ?? "");
        return ports.Length == 0 && urls.Concat(endpoints).All(IsLoopback);
    }

    private static bool IsLoopback(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && Loopback.Is(address.Host);
}
