using Portal.Agents;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Writeback;

/// <summary>How often the agent tries a password, on a real directory whose policy locks an account at the fifth wrong one.</summary>
public sealed class AgentVerifyLimitsTests(ForestFixture forests) : IAsyncDisposable
{
    private readonly VerifyGround ground = new(forests);

    private AgentUnderTest Agent => ground.Agent;
    private AgentPortal Portal => ground.Portal;
    private ForestDirectory Admin => ground.Admin;

    public ValueTask DisposeAsync() => ground.DisposeAsync();

    [Theory]
    [Trait("Case", "H14")]
    [InlineData(5, null)]
    [InlineData(3, "3")]
    [InlineData(1, "1")]
    public async Task However_often_a_stranger_tries_the_account_is_never_locked(int threshold, string? ofItsOwn)
    {
        var account = await ground.StartAsync($"Tried {threshold}");
        if (ofItsOwn is not null)
        {
            ground.Apply(account, ("msDS-LockoutThreshold", ofItsOwn));
        }

        for (var i = 0; i < 12; i++)
        {
            await Agent.VerifyAsync(account.Dn, $"{VerifyGround.Wrong}{i}");
        }

        Assert.Equal(threshold - 1, ground.CountOf(account));
        Assert.Equal(
            WritebackReason.NearLockOut,
            Assert.IsType<WritebackResult.NotAttempted>(await Agent.VerifyAsync(account.Dn, account.Password)).Reason
        );
        Assert.True(Admin.Bind(account.Upn, account.Password).Accepted);
    }

    [Fact]
    public async Task When_the_directory_counts_anew_passwords_are_tried_again()
    {
        var account = await ground.StartAsync("Waited");
        ground.Apply(account, ("msDS-LockoutThreshold", "3"), ("msDS-LockoutObservationWindow", "-30000000"));
        await Agent.VerifyAsync(account.Dn, VerifyGround.Wrong);
        await Agent.VerifyAsync(account.Dn, $"{VerifyGround.Wrong}1");
        Assert.Equal(
            WritebackReason.NearLockOut,
            Assert.IsType<WritebackResult.NotAttempted>(await Agent.VerifyAsync(account.Dn, account.Password)).Reason
        );

        await Eventually.TrueAsync(
            async () => await Agent.VerifyAsync(account.Dn, account.Password) is WritebackResult.Verified,
            TimeSpan.FromSeconds(30),
            "the directory to count anew"
        );
    }

    [Fact]
    public async Task The_agents_own_cap_holds_where_the_directory_locks_nobody()
    {
        var account = await ground.StartAsync("Unlocked", cap: 2);
        ground.Apply(account, ("msDS-LockoutThreshold", "0"));
        Assert.Equal(WritebackReason.WrongCurrentPassword, await ground.RejectedAsync(account, VerifyGround.Wrong));
        Assert.IsType<WritebackResult.Verified>(await Agent.VerifyAsync(account.Dn, account.Password));
        Assert.Equal(WritebackReason.WrongCurrentPassword, await ground.RejectedAsync(account, VerifyGround.Wrong));

        Assert.Equal(
            WritebackReason.RateCapped,
            Assert.IsType<WritebackResult.NotAttempted>(await Agent.VerifyAsync(account.Dn, account.Password)).Reason
        );
        await Eventually.TrueAsync(() => Portal.Alarms.Any(a => a.Kind == AlarmKind.RateCapped), TimeSpan.FromSeconds(10), "the alarm");
    }

    [Fact]
    [Trait("Case", "H69")]
    public async Task A_question_that_is_delivered_again_binds_nothing()
    {
        var account = await ground.StartAsync("Replayed");
        var asked = AgentUnderTest.Verify(Agent.Link(account.Dn), VerifyGround.Wrong);

        await Agent.SendAsync(asked);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Agent.SendAsync(asked)));
        await Agent.SendAsync(asked);

        Assert.Equal(1, ground.CountOf(account));
    }

    [Fact]
    public async Task Eight_at_a_time_one_for_a_person_and_a_write_takes_its_turn_beside_them()
    {
        var account = await ground.StartAsync("Flooded");
        var anchors = Enumerable.Range(0, 7).Select(_ => CloudAnchor.New()).Append(Agent.Link(account.Dn)).ToArray();
        var (held, waiting) = (new TaskCompletionSource(), 0);
        Portal.AtClaim = () => Interlocked.Increment(ref waiting) <= anchors.Length ? held.Task : Task.CompletedTask;
        var eight = Array.ConvertAll(anchors, anchor => Agent.SendAsync(AgentUnderTest.Verify(anchor, account.Password)));
        await Eventually.TrueAsync(() => waiting == anchors.Length, TimeSpan.FromSeconds(20), "eight at their claims");

        foreach (var late in new[] { CloudAnchor.New(), anchors[^1] })
        {
            var refused = await Agent.SendAsync(AgentUnderTest.Verify(late, account.Password));
            Assert.Equal(WritebackReason.RateCapped, Assert.IsType<WritebackResult.NotAttempted>(refused).Reason);
        }

        Assert.IsType<WritebackResult.Applied>(await Agent.ResetAsync(account.Dn, "Lantern-Harbour-77"));
        held.SetResult();
        await Task.WhenAll(eight);
        Assert.Equal(WritebackReason.WrongCurrentPassword, ((WritebackResult.Rejected)await eight[^1]).Reason);
        Assert.IsType<WritebackResult.Verified>(await Agent.VerifyAsync(account.Dn, "Lantern-Harbour-77"));
    }
}
