using System.Net;
using Portal.Relay;
using PortalApp.Relay;
using PortalApp.Relay.Handshakes;
using PortalApp.Throttle;

namespace PortalApp.Tests.Relay;

public sealed class HandshakePlacesTests
{
    private static readonly NetworkPrefix Home = Network("203.0.113.7");
    private readonly AgentNetworks agents = new();
    private readonly HandshakePlaces places;

    public HandshakePlacesTests()
    {
        agents.Replace([Home.Value, Network("2001:db8:1:1::7").Value]);
        places = new HandshakePlaces(agents);
    }

    [Fact]
    public void Whatever_strangers_hold_the_reserve_stays_for_networks_of_agents()
    {
        for (var network = 0; network < 250; network++)
        {
            Fill(Network($"198.51.{network}.1"));
        }

        Assert.Null(places.TryEnter(Network("192.0.2.1")));
        Assert.Equal(RelayLimits.ReservedHandshakesPerNetwork, Fill(Home));
    }

    [Fact]
    public void Neighbours_in_an_agents_own_network_hold_no_more_than_its_shares()
    {
        Assert.Equal(RelayLimits.MaxHandshakesPerNetwork + RelayLimits.ReservedHandshakesPerNetwork, Fill(Home));
        Assert.NotNull(places.TryEnter(Network("2001:db8:1:1::7")));
    }

    [Fact]
    [Trait("Case", "H13")]
    public void Who_has_a_whole_site_of_ipv6_counts_as_four_networks()
    {
        var taken = Enumerable.Range(0, 1000).Count(n => places.TryEnter(Network($"2001:db8:2:{n:x}::1")) is not null);

        Assert.Equal(4 * RelayLimits.MaxHandshakesPerNetwork, taken);
    }

    [Fact]
    public void A_place_is_given_back_once()
    {
        var network = Network("198.51.100.1");
        var place = places.TryEnter(network)!;
        Fill(network);

        place.Dispose();
        place.Dispose();

        Assert.Equal(1, Fill(network));
    }

    /// <summary>How many places it gets.</summary>
    private int Fill(NetworkPrefix network)
    {
        var taken = 0;
        while (places.TryEnter(network) is not null)
        {
            taken++;
        }

        return taken;
    }

    private static NetworkPrefix Network(string address) => NetworkPrefix.Of(IPAddress.Parse(address));
}
