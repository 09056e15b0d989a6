using System.Threading.Channels;
using Amqp;

namespace PortalApp.Relay;

/// <summary>Hands connections whose SASL exchange is done to the library's listener, so that a slow stranger never blocks its accept loop.</summary>
internal sealed class RelayGate : TransportProvider
{
    public const string Scheme = "relay";
    private readonly Channel<IAsyncTransport> entered = Channel.CreateUnbounded<IAsyncTransport>();

    public RelayGate() => AddressSchemes = [Scheme];

    public void Enter(RelayTransport transport) => entered.Writer.TryWrite(transport);

    /// <summary>After the close the library asks again and again: it then waits for ever, as it must not get an exception.</summary>
    public override Task<IAsyncTransport> CreateAsync(Address address) => entered.Reader.ReadAsync().AsTask();
}
