using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Conventions;

public sealed partial class LogNumberTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "log.md"));

    [Fact]
    public void Each_line_of_the_log_has_a_number_of_its_own_that_the_document_names()
    {
        var lines = new[] { "PortalApp", "Agent" }
            .SelectMany(name => Assembly.Load(name).GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(line => $"| {line.EventId} | {line.Level} | {line.Message} |")
            .ToArray();

        Assert.Equal(lines.Length, lines.Select(line => line.Split(' ')[1]).Distinct().Count());
        Assert.Equal(lines.Order(), Line().Matches(Document).Select(m => m.Value).Order());
    }

    [Fact]
    public void Each_audit_event_keeps_its_number()
    {
        var events = Enum.GetValues<AuditEventId>().Select(id => $"| {(int)id} | {id} |");

        Assert.Equal(events.Order(), Event().Matches(Document).Select(m => m.Value).Order());
    }

    [GeneratedRegex(@"^\| \d+ \| (Information|Warning|Error|Critical) \| .* \|$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"^\| \d+ \| \w+ \|$", RegexOptions.Multiline)]
    private static partial Regex Event();
}
