using System.Net.Sockets;
using Agent.Directory;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

public sealed class AgentControllersTests(ForestFixture forests)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Case", "H85")]
    public async Task Nobody_waits_again_for_a_controller_that_swallows_everything_while_another_answers()
    {
        var forest = await forests.StartedAsync();
        var address = Forest.FreeAddress();
        using var swallowing = new TcpListener(address, forest.Ldaps.Port);
        swallowing.Start();
        using var portal = new AgentPortal();
        var clock = new HurriedClock();
        await using var agent = new AgentUnderTest(
            new AgentSetup("https://portal.test", forest),
            portal,
            change: options =>
                options with
                {
                    Directory = options.Directory with { Servers = [address.ToString(), forest.Address.ToString()] },
                },
            clock: clock
        );
        await Eventually.TrueAsync(() => ConnectsAsync(agent), TimeSpan.FromSeconds(20), "the second controller", Ct);
        using var tried = await swallowing.AcceptSocketAsync(Ct);

        for (var i = 0; i < 3; i++)
        {
            clock.Skip(TimeSpan.FromMinutes(1));
            Assert.True(await ConnectsAsync(agent));
        }

        Assert.False(swallowing.Pending());
        Assert.Equal([false, true], (await agent.Directory.LookAsync(Ct)).Select(controller => controller.Answers));
    }

    /// <summary>Skips time between two calls, and otherwise runs as time does.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private long skipped;

        public void Skip(TimeSpan time) => skipped += (long)(time.TotalSeconds * TimestampFrequency);

        public override long GetTimestamp() => base.GetTimestamp() + skipped;
    }

    /// <summary>By a connection of its own, which is not kept for the next.</summary>
    internal static async Task<bool> ConnectsAsync(AgentUnderTest agent)
    {
        if (await agent.Directory.RentAsync(null, Ct) is not Rent.Lent(var channel))
        {
            return false;
        }

        channel.Abandon();
        channel.GiveBack = null;
        return true;
    }
}
