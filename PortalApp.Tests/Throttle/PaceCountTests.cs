using System.Net;
using Microsoft.Extensions.Time.Testing;
using PortalApp.Throttle;

namespace PortalApp.Tests.Throttle;

public sealed class PaceCountTests
{
    private static readonly Limit Limit = new("pace", 60, TimeSpan.FromMinutes(1));
    private readonly FakeTimeProvider clock = new();
    private readonly PaceCount pace;

    public PaceCountTests() => pace = new PaceCount(clock);

    [Fact]
    public void As_many_are_taken_at_once_and_then_one_each_time_a_share_of_the_window_has_passed()
    {
        Assert.Equal(60, Enumerable.Range(0, 100).Count(_ => pace.Take(Limit, "anna") is null));
        Assert.Equal(TimeSpan.FromSeconds(1), pace.Take(Limit, "anna"));
        Assert.Null(pace.Take(Limit, "ben"));

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(pace.Take(Limit, "anna"));
        Assert.NotNull(pace.Take(Limit, "anna"));

        clock.Advance(Limit.Window);
        Assert.Equal(60, Enumerable.Range(0, 100).Count(_ => pace.Take(Limit, "anna") is null));
    }

    [Fact]
    [Trait("Case", "H13")]
    public void Who_has_a_whole_site_of_ipv6_counts_as_four_networks()
    {
        var taken = Enumerable
            .Range(0, 10_000)
            .Count(n => pace.Take(Limit, NetworkPrefix.Of(IPAddress.Parse($"2001:db8:2:{n:x}::1"))) is null);

        Assert.Equal(4 * Limit.Most, taken);
    }
}
