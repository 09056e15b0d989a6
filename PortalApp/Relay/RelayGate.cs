using System.Threading.Channels;
using Amqp;

namespace PortalApp.Relay;

/// <summary>Hands connections whose peer is known to the AMQP library, which believes that it accepts them.</summary>
internal sealed class RelayGate : TransportProvider
{
    private readonly Channel<RelayTransport> arrived = Channel.CreateUnbounded<RelayTransport>();

    public RelayGate(string scheme) => AddressSchemes = [scheme];

    public void Admit(RelayTransport transport) => arrived.Writer.TryWrite(transport);

    /// <summary>After the relay's end this must wait for ever: the library's loop would take an exception for a reason to ask again at once.</summary>
    public override async Task<IAsyncTransport> CreateAsync(Address address) => await arrived.Reader.ReadAsync();
}
