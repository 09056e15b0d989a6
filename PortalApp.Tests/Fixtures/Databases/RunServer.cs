using PortalApp.Data;

[assembly: AssemblyFixture(typeof(PortalApp.Tests.Fixtures.Databases.RunServer))]

namespace PortalApp.Tests.Fixtures.Databases;

/// <summary>One PostgreSQL for the whole test run, started by the first test that asks, with a migrated database that the others are copies of.</summary>
public sealed class RunServer : IAsyncDisposable
{
    internal const string Template = "migrated";
    private static readonly Lazy<Task<PostgreSqlServer>> Server = new(StartAsync);

    public async ValueTask DisposeAsync()
    {
        if (Server.IsValueCreated && Server.Value.IsCompletedSuccessfully)
        {
            await (await Server.Value).DisposeAsync();
        }
    }

    internal static Task<PostgreSqlServer> StartedAsync() => Server.Value;

    private static async Task<PostgreSqlServer> StartAsync()
    {
        var folder = Repository.NewFolder("postgresql");
        var server = await PostgreSqlServer.CreateAsync(folder, Path.Combine(folder, "server.log"));
        await server.LaunchAsync(durable: false);
        await server.WaitUntilAnsweringAsync();
        await server.ExecuteAsync($"CREATE DATABASE {Template}");

        // A template must have nobody in it.
        var connection = server.ConnectionTo(Template) + ";Pooling=false";
        await using var db = new PostgreSqlPortalDb(PostgreSqlPortalDb.On(connection).Options);
        await DatabaseUpgrade.RunAsync(db, TimeProvider.System, CancellationToken.None);
        return server;
    }
}
