using System.Threading.Channels;
using Agent.Relay;
using Portal.Relay;
using Portal.Writeback;

namespace PortalApp.Tests.Relay;

/// <summary>A receiving connection whose deliveries a test takes one by one.</summary>
internal sealed class Inbox : IAsyncDisposable
{
    private readonly Channel<RelayDelivery> deliveries = Channel.CreateUnbounded<RelayDelivery>();
    private readonly CancellationTokenSource stop = new();
    private readonly Task pump;

    public Inbox(RelayConnection connection, RelayAddress address, int credit = 8)
    {
        Connection = connection;
        pump = PumpAsync(address, credit);
    }

    public RelayConnection Connection { get; }

    /// <summary>The relay ended the link or the connection.</summary>
    public Task EndedAsync(TimeSpan? within = null) =>
        pump.WaitAsync(within ?? RelayServer.Patience, TestContext.Current.CancellationToken);

    public static async Task<Inbox> OpenAsync(
        RelayServer server,
        Portal.Tenants.TenantId tenant,
        TestEndpoint? agent = null,
        int credit = 8
    )
    {
        var connection = await RelayServer.ConnectedAsync(agent ?? server.NewAgent(tenant));
        var inbox = new Inbox(connection, RelayServer.AddressOf(tenant), credit);
        await server.HasReceiverAsync(tenant);
        return inbox;
    }

    public async Task<RelayDelivery> NextAsync() =>
        await deliveries
            .Reader.ReadAsync(TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(RelayServer.Patience, TestContext.Current.CancellationToken);

    /// <summary>Sends a marker behind everything else and asserts that it is the next thing to come.</summary>
    public async Task NothingButAsync(RelayServer server, Portal.Tenants.TenantId tenant)
    {
        var marker = RequestId.New();
        Assert.True(server.Send(tenant, marker));
        var next = await NextAsync();
        Assert.Equal(marker.Value, next.Id);
        await next.SettleAsync(Settlement.Accepted);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await pump;
        await Connection.DisposeAsync();
        stop.Dispose();
    }

    private async Task PumpAsync(RelayAddress address, int credit)
    {
        try
        {
            await foreach (var delivery in Connection.ReceiveAsync(address, credit, stop.Token))
            {
                await deliveries.Writer.WriteAsync(delivery);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is done.
        }

        deliveries.Writer.TryComplete();
    }
}
