using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PortalApp.Data;
using PortalApp.Gates.Codes;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Gates;
using PortalApp.Throttle;

namespace PortalApp.Tests.Throttle;

public class ThrottleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Case", "H12")]
    public async Task The_Nth_is_taken_and_the_next_refused()
    {
        await using var portal = await GatePortal.StartAsync();
        for (var n = 0; n < 3; n++)
        {
            Assert.True(await portal.Throttle.TakeAsync(Hourly(3), "a", Cancellation));
        }

        Assert.False(await portal.Throttle.TakeAsync(Hourly(3), "a", Cancellation));
        Assert.True(await portal.Throttle.TakeAsync(Hourly(3), "b", Cancellation));
    }

    [Fact, Trait("Case", "H11")]
    public async Task Parallel_takers_get_exactly_the_limit()
    {
        await using var portal = await GatePortal.StartAsync();
        var taken = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(_ => Task.Run(() => portal.Throttle.TakeAsync(Hourly(7), "a", Cancellation), Cancellation))
        );

        Assert.Equal(7, taken.Count(t => t));
    }

    [Fact, Trait("Case", "H18")]
    public async Task A_restart_forgets_nothing()
    {
        var portal = await GatePortal.StartAsync();
        Assert.True(await portal.Throttle.TakeAsync(Hourly(1), "a", Cancellation));
        await using var again = await portal.RestartAsync();

        Assert.False(await again.Throttle.TakeAsync(Hourly(1), "a", Cancellation));
    }

    /// <summary>Whoever has a /48 has 65,536 networks of /64.</summary>
    [Fact, Trait("Case", "H13")]
    public async Task A_site_of_IPv6_takes_as_much_as_four_of_its_networks_and_a_line_as_two()
    {
        await using var portal = await GatePortal.StartAsync();

        Assert.Equal(20, await TakenByAsync(n => $"2001:db8:a:{n:x}::1"));
        Assert.Equal(40, await TakenByAsync(n => $"2001:db8:b:{n << 8:x}::1"));
        Assert.Equal(10, await TakenByAsync(n => $"2001:db8:c:7::{n:x}"));
        Assert.Equal(64, await TakenByAsync(n => $"2001:db8:{0x100 + n:x}::1"));
        Assert.Equal(10, await TakenByAsync(n => $"203.0.113.{n}"));

        async Task<int> TakenByAsync(Func<int, string> address)
        {
            var taken = 0;
            for (var n = 0; n < 64; n++)
            {
                var network = NetworkPrefix.Of(IPAddress.Parse(address(n)));
                taken += await portal.Throttle.TakeAsync(Hourly(10), network, Cancellation) ? 1 : 0;
            }

            return taken;
        }
    }

    /// <summary>Takers at every minute of four hours: no sixty minutes anywhere hold more than the limit, and no taker waits over 65.</summary>
    [Fact, Trait("Case", "H12")]
    public async Task No_hour_holds_more_than_the_limit()
    {
        await using var portal = await GatePortal.StartAsync();
        List<DateTimeOffset> taken = [];
        for (var minute = 0; minute < 240; minute++)
        {
            if (await portal.Throttle.TakeAsync(Hourly(10), "a", Cancellation))
            {
                taken.Add(portal.Clock.GetUtcNow());
            }

            portal.Clock.Advance(TimeSpan.FromSeconds(61));
        }

        Assert.All(taken, first => Assert.InRange(taken.Count(t => t >= first && t - first < TimeSpan.FromHours(1)), 1, 10));
        Assert.InRange(taken.Count, 30, 40);
    }

    [Fact]
    public async Task It_says_when_one_can_be_taken_again()
    {
        await using var portal = await GatePortal.StartAsync();
        await portal.Throttle.TakeAsync(Hourly(1), "a", Cancellation);
        var free = await portal.Throttle.FreeAtAsync(Hourly(1), "a", Cancellation);

        portal.Clock.SetUtcNow(free.AddTicks(-1));
        Assert.False(await portal.Throttle.TakeAsync(Hourly(1), "a", Cancellation));
        portal.Clock.SetUtcNow(free);
        Assert.True(await portal.Throttle.TakeAsync(Hourly(1), "a", Cancellation));
    }

    [Fact, Trait("Case", "H43")]
    public async Task A_dump_does_not_say_who_was_counted()
    {
        await using var portal = await GatePortal.StartAsync();
        await portal.SendAsync(GateSteps.Anna(portal));
        var buckets = await portal.WithDbAsync(db => db.Set<ThrottleCount>().Select(t => t.Bucket).ToListAsync());

        Assert.NotEmpty(buckets);
        Assert.All(buckets, b => Assert.Matches("^[0-9a-f]{64}$", b));
    }

    [Fact]
    public async Task Old_counts_and_codes_are_swept()
    {
        await using var portal = await GatePortal.StartAsync();
        await portal.SendAsync(GateSteps.Anna(portal));
        var sweep = portal.Services.GetServices<IHostedService>().OfType<RetentionSweep>().Single();
        await sweep.SweepAsync(Cancellation);
        Assert.NotEqual(0, await portal.WithDbAsync(db => db.Set<ThrottleCount>().CountAsync()));

        portal.Clock.Skip(TimeSpan.FromDays(2));
        await sweep.SweepAsync(Cancellation);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<ThrottleCount>().CountAsync()));
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<OneTimeCode>().CountAsync()));
    }

    [Theory, Trait("Case", "H13")]
    [InlineData("203.0.113.7", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.200", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    public void A_caller_is_counted_by_its_network(string address, string network) =>
        Assert.Equal(network, NetworkPrefix.Of(IPAddress.Parse(address)).Value);

    private static Limit Hourly(int most) => new("test", most, TimeSpan.FromHours(1));
}
