using Agent.Relay;
using Portal.Relay;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Relay;

/// <summary>What every relay owes, whatever its kind; what each owes beyond it stands in the other tests.</summary>
public sealed class RelayContractTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<RelayKind> Kinds => [RelayKind.Embedded, RelayKind.ServiceBus];

    /// <summary>At which of its steps an agent loses its power.</summary>
    public enum Killed
    {
        BeforeItIsSent,
        WithItInWork,

        /// <summary>Its word goes out and does not arrive.</summary>
        AsItSettles,
        AfterItLeftIt,
        AfterItSettled,
    }

    public static MatrixTheoryData<RelayKind, Killed> Kills => new(Enum.GetValues<RelayKind>(), Enum.GetValues<Killed>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_the_portal_sends_its_agent_receives_once(RelayKind kind)
    {
        await using var relay = await RelayUnderTest.StartAsync(kind);
        var tenant = await relay.NewTenantAsync();
        await using var agent = await relay.NewAgent(tenant).ListeningAsync();
        var (id, body) = (RequestId.New(), new byte[RelayLimits.MaxMessageBytes]);
        body[^1] = 7;

        Assert.True(await SendAsync(relay, tenant, id, body: body));

        var taken = await agent.NextAsync();
        Assert.Equal(id.Value, taken.Id);
        Assert.Equal(body, taken.Body.ToArray());
        await taken.SettleAsync(Settlement.Accepted);
        await NothingIsLeftAsync(relay, tenant);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_message_waits_for_the_agent(RelayKind kind)
    {
        await using var relay = await RelayUnderTest.StartAsync(kind);
        var (tenant, id) = (await relay.NewTenantAsync(), RequestId.New());
        Assert.True(await SendAsync(relay, tenant, id));

        await using var agent = await relay.NewAgent(tenant).ListeningAsync();

        Assert.Equal(id.Value, (await agent.NextAsync()).Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Case", "H70")]
    public async Task A_message_is_gone_after_its_time_to_live(RelayKind kind)
    {
        await using var relay = await RelayUnderTest.StartAsync(kind);
        var (tenant, kept) = (await relay.NewTenantAsync(), RequestId.New());
        Assert.True(await SendAsync(relay, tenant, RequestId.New(), seconds: 10));
        Assert.True(await SendAsync(relay, tenant, kept, seconds: 12));

        relay.Clock.Advance(TimeSpan.FromSeconds(11));

        await using var agent = await relay.NewAgent(tenant).ListeningAsync();
        Assert.Equal(kept.Value, (await agent.NextAsync()).Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_message_without_a_time_to_live_or_with_too_long_a_one_or_too_large_is_refused(RelayKind kind)
    {
        await using var relay = await RelayUnderTest.StartAsync(kind);
        var tenant = await relay.NewTenantAsync();

        Assert.False(await SendAsync(relay, tenant, RequestId.New(), seconds: 0));
        Assert.False(await SendAsync(relay, tenant, RequestId.New(), seconds: 301));
        Assert.False(await SendAsync(relay, tenant, RequestId.New(), body: new byte[RelayLimits.MaxMessageBytes + 1]));
        Assert.Equal(0, relay.LengthOf(tenant));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_message_that_is_left_for_another_agent_reaches_it(RelayKind kind)
    {
        await using var relay = await RelayUnderTest.StartAsync(kind);
        var (tenant, id) = (await relay.NewTenantAsync(), RequestId.New());
        await using var first = await relay.NewAgent(tenant).ListeningAsync();
        Assert.True(await SendAsync(relay, tenant, id));
        await (await first.NextAsync()).SettleAsync(Settlement.LeftForAnother);

        await using var second = await relay.NewAgent(tenant).ListeningAsync();

        // A relay may offer it to the first one again, which leaves it again.
        var reached = second.NextAsync();
        while (!reached.IsCompleted)
        {
            var again = first.NextAsync();
            if (await Task.WhenAny(reached, again) == again)
            {
                await (await again).SettleAsync(Settlement.LeftForAnother);
            }
        }

        Assert.Equal(id.Value, (await reached).Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_dropped_message_leaves_nothing_behind(RelayKind kind)
    {
        await using var relay = await RelayUnderTest.StartAsync(kind);
        var tenant = await relay.NewTenantAsync();
        await using var agent = await relay.NewAgent(tenant).ListeningAsync();
        Assert.True(await SendAsync(relay, tenant, RequestId.New()));

        await (await agent.NextAsync()).SettleAsync(Settlement.Dropped);

        await NothingIsLeftAsync(relay, tenant);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_of_many_messages_reaches_one_of_two_agents(RelayKind kind)
    {
        await using var relay = await RelayUnderTest.StartAsync(kind);
        var tenant = await relay.NewTenantAsync();
        await using var first = await relay.NewAgent(tenant).ListeningAsync();
        await using var second = await relay.NewAgent(tenant).ListeningAsync();
        var ids = Enumerable.Range(0, 64).Select(_ => RequestId.New().Value).ToHashSet();
        var sent = await Task.WhenAll(ids.Select(id => SendAsync(relay, tenant, new RequestId(id))));

        Assert.All(sent, Assert.True);
        var received = new List<string>();
        var (one, other) = (first.NextAsync(), second.NextAsync());
        while (received.Count < ids.Count)
        {
            var done = await Task.WhenAny(one, other);
            var taken = await done;
            received.Add(taken.Id);
            await taken.SettleAsync(Settlement.Accepted);
            (one, other) = done == one ? (first.NextAsync(), other) : (one, second.NextAsync());
        }

        Assert.Equal(ids, received.ToHashSet());
        await NothingIsLeftAsync(relay, tenant);
    }

    [Theory]
    [MemberData(nameof(Kills))]
    [Trait("Case", "H84")]
    public async Task What_an_agent_had_not_settled_when_it_was_killed_goes_to_the_next_one_and_nothing_else_does(
        RelayKind kind,
        Killed when
    )
    {
        await using var relay = await RelayUnderTest.StartAsync(kind);
        var (tenant, id) = (await relay.NewTenantAsync(), RequestId.New());
        await using var killed = await relay.NewAgent(tenant).ListeningAsync();
        if (when is Killed.BeforeItIsSent)
        {
            await killed.KillAsync();
        }

        Assert.True(await SendAsync(relay, tenant, id));
        if (when is not Killed.BeforeItIsSent)
        {
            var begun = await killed.NextAsync();
            var settled = SettleAsync(killed, begun, when);
            if (when is Killed.AfterItLeftIt or Killed.AfterItSettled)
            {
                await settled;
            }

            if (when is Killed.AfterItSettled)
            {
                // A relay need not say that it has heard it.
                await NothingIsLeftAsync(relay, tenant);
            }

            await killed.KillAsync();
        }

        var marker = RequestId.New();
        await using var next = await relay.NewAgent(tenant).ListeningAsync();
        if (when is Killed.AfterItSettled)
        {
            Assert.True(await SendAsync(relay, tenant, marker));
        }

        var taken = await relay.AfterLocksAsync(next);
        Assert.Equal(when is Killed.AfterItSettled ? marker.Value : id.Value, taken.Id);
        await taken.SettleAsync(Settlement.Accepted);
        await NothingIsLeftAsync(relay, tenant);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_agent_that_was_cut_off_receives_again(RelayKind kind)
    {
        await using var relay = await RelayUnderTest.StartAsync(kind);
        var tenant = await relay.NewTenantAsync();
        await using var agent = await relay.NewAgent(tenant).ListeningAsync();
        Assert.True(await SendAsync(relay, tenant, RequestId.New()));
        await (await agent.NextAsync()).SettleAsync(Settlement.Accepted);
        await NothingIsLeftAsync(relay, tenant);

        agent.Cut();
        var id = RequestId.New();
        Assert.True(await SendAsync(relay, tenant, id));

        Assert.Equal(id.Value, (await relay.AfterLocksAsync(agent)).Id);
    }

    [Fact]
    public async Task An_agent_whose_service_fell_silent_notices_and_receives_again()
    {
        await using var relay = await RelayUnderTest.StartAsync(RelayKind.ServiceBus);
        var tenant = await relay.NewTenantAsync();
        await using var agent = await relay.NewAgent(tenant).ListeningAsync();
        Assert.True(await SendAsync(relay, tenant, RequestId.New()));
        await (await agent.NextAsync()).SettleAsync(Settlement.Accepted);
        await NothingIsLeftAsync(relay, tenant);

        agent.Freeze();
        var id = RequestId.New();
        Assert.True(await SendAsync(relay, tenant, id));

        Assert.Equal(id.Value, (await relay.AfterLocksAsync(agent)).Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Case", "H73")]
    public async Task An_agent_that_is_revoked_is_let_in_no_more(RelayKind kind)
    {
        await using var relay = await RelayUnderTest.StartAsync(kind);
        var tenant = await relay.NewTenantAsync();
        await using var agent = await relay.NewAgent(tenant).ListeningAsync();
        Assert.True(await SendAsync(relay, tenant, RequestId.New()));
        await (await agent.NextAsync()).SettleAsync(Settlement.Accepted);

        relay.RevokeAll();

        var refused = await agent.Ended.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(RelayFault.Unauthorised, refused?.Fault);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Case", "H72")]
    public async Task An_agent_receives_nothing_of_another_tenants(RelayKind kind)
    {
        await using var relay = await RelayUnderTest.StartAsync(kind);
        var (mine, theirs) = (await relay.NewTenantAsync(), await relay.NewTenantAsync());
        await using var owner = await relay.NewAgent(theirs).ListeningAsync();
        await using var thief = relay.NewAgent(mine, at: theirs);
        var id = RequestId.New();

        Assert.True(await SendAsync(relay, theirs, id));

        Assert.Equal(id.Value, (await owner.NextAsync()).Id);
        Assert.True(thief.HasNothing);
    }

    private static Task SettleAsync(ContractAgent killed, Taken taken, Killed when) =>
        when switch
        {
            Killed.AsItSettles => killed.SettleUnheardAsync(taken),
            Killed.AfterItLeftIt => taken.SettleAsync(Settlement.LeftForAnother),
            Killed.AfterItSettled => taken.SettleAsync(Settlement.Accepted),
            _ => Task.CompletedTask,
        };

    private static Task<bool> SendAsync(RelayUnderTest relay, TenantId tenant, RequestId id, double seconds = 300, byte[]? body = null) =>
        relay.Relay.SendAsync(tenant, RelayUnderTest.Connector, id, body ?? [1, 2, 3], TimeSpan.FromSeconds(seconds));

    private static Task NothingIsLeftAsync(RelayUnderTest relay, TenantId tenant) =>
        Eventually.TrueAsync(
            () => relay.LengthOf(tenant) == 0,
            Patience,
            "the relay to hold nothing",
            TestContext.Current.CancellationToken
        );
}
