using PortalApp.Data;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>What somebody who starts the demo asks for.</summary>
/// <param name="ServiceBus">The tenant's requests go over the tests' stand-in for a Service Bus.</param>
internal sealed record DemoOptions(DatabaseKind Database, bool ServiceBus)
{
    /// <returns>Null for what the demo does not know.</returns>
    public static DemoOptions? Read(string[] args) =>
        args switch
        {
            [] => new(DatabaseKind.Sqlite, ServiceBus: false),
            ["--database", "sqlite", .. var rest] => Read(rest) is { } others ? others with { Database = DatabaseKind.Sqlite } : null,
            ["--database", "postgresql", .. var rest] => Read(rest) is { } others
                ? others with
                {
                    Database = DatabaseKind.PostgreSql,
                }
                : null,
            ["--relay", "embedded", .. var rest] => Read(rest) is { } others ? others with { ServiceBus = false } : null,
            ["--relay", "service-bus", .. var rest] => Read(rest) is { } others ? others with { ServiceBus = true } : null,
            _ => null,
        };
}
