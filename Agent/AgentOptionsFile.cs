using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Portal.Settings;

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
            using var json = File.OpenRead(file);
            return Read(new ConfigurationBuilder().AddJsonStream(json).Build(), folder);
        }
        catch (Exception e) when (e is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            return new AgentOptionsReading.Wrong([$"{file} cannot be read: {e.Message}"]);
        }
    }

    private static AgentOptionsReading Read(IConfiguration json, string folder)
    {
        var told = new AgentOptions();
        var unreadable = SettingsBinder.Bind(json, told, strict: true);
        var options = Resolve(told, folder);
        var errors = AgentOptionsRules
            .ControlCharacters(json)
            .Concat(unreadable.Select(mistake => $"{mistake.Key.Replace(':', '.')}: {mistake.Sentence}"))
            .Concat(AgentOptionsRules.Errors(options))
            .DistinctBy(error => error[..error.IndexOf(':', StringComparison.Ordinal)])
            .ToArray();
        return errors.Length == 0 ? new AgentOptionsReading.Good(options) : new AgentOptionsReading.Wrong(errors);
    }

    private static AgentOptions Resolve(AgentOptions told, string folder)
    {
        return told with
        {
            Portal = told.Portal.TrimEnd('/'),
            PortalCa = told.PortalCa is { } roots ? Whole(roots) : null,
            ServiceBusFile = told.ServiceBusFile is { } key ? Whole(key) : null,
            Directory = told.Directory with
            {
                Ca = Whole(told.Directory.Ca),
                BaseDn = AgentOptionsNames.Normalise(told.Directory.BaseDn),
                Scopes = [.. told.Directory.Scopes.Select(AgentOptionsNames.Normalise)],
                Groups = [.. told.Directory.Groups.Select(AgentOptionsNames.Normalise)],
                BindPasswordFile = Whole(told.Directory.BindPasswordFile),
            },
            Protected = [.. told.Protected.Select(AgentOptionsNames.Normalise)],
        };

        string Whole(string path) => path.Length == 0 ? path : Path.GetFullPath(path, folder);
    }
}
