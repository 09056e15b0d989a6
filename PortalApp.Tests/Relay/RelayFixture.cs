namespace PortalApp.Tests.Relay;

/// <summary>One relay for a class of tests; each test takes a tenant of its own.</summary>
public sealed class RelayFixture : IAsyncLifetime
{
    internal RelayServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RelayServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
