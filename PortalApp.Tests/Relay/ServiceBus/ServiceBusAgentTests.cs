using Agent;
using Agent.Relay;
using Agent.Relay.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Agents;
using Portal.Relay;
using Portal.Relay.ServiceBus;
using Portal.Writeback;

namespace PortalApp.Tests.Relay.ServiceBus;

/// <summary>The agent's end of a Service Bus, beyond what every relay owes.</summary>
public sealed class ServiceBusAgentTests : IAsyncLifetime
{
    private ServiceBusUnderTest relay = null!;

    public async ValueTask InitializeAsync() => relay = await ServiceBusUnderTest.StartAsync();

    public ValueTask DisposeAsync() => relay.DisposeAsync();

    [Theory]
    [InlineData(null, "names no serviceBusFile")]
    [InlineData("nothing of the kind", "is no connection string")]
    [InlineData("Endpoint=sb://other.example/;SharedAccessKeyName=a;SharedAccessKey=YQ==", "is for sb://other.example/")]
    [InlineData("Endpoint=sb://other.example/;SharedAccessKeyName=a;SharedAccessKey=YQ==;UseDevelopmentEmulator=true", "turns TLS off")]
    [InlineData("EntityPath=tenant-0/other", "is for the queue tenant-0/other")]
    [InlineData("SharedAccessKey=YQ==", "refuses the key")]
    public async Task What_keeps_the_agent_out_is_told_in_words(string? written, string said)
    {
        var tenant = await relay.NewTenantAsync();
        var key = relay.Service.AddPolicy(listens: true);
        var refused = await EnterAsync(
            written switch
            {
                null or { Length: > 50 } or "nothing of the kind" => written,
                _ => string.Join(';', key.Split(';').Where(part => part.Split('=')[0] != written.Split('=')[0]).Append(written)),
            },
            RelayAddress.Of(tenant, RelayUnderTest.Connector).Value
        );

        Assert.Equal(RelayFault.Unauthorised, refused?.Fault);
        Assert.Contains(said, refused!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_told_by_its_name()
    {
        var refused = await EnterAsync(relay.Service.AddPolicy(listens: true), "tenant-9/nowhere");

        Assert.Equal(RelayFault.Unauthorised, refused?.Fault);
        Assert.Contains("no queue tenant-9/nowhere", refused!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_whose_lock_was_lost_comes_again_and_the_late_word_on_it_breaks_nothing()
    {
        var (tenant, id) = (await relay.NewTenantAsync(), RequestId.New());
        await using var agent = await relay.NewAgent(tenant).ListeningAsync();
        Assert.True(await relay.Relay.SendAsync(tenant, RelayUnderTest.Connector, id, [1], TimeSpan.FromMinutes(5)));
        var first = await agent.NextAsync();

        relay.Clock.Advance(RelayUnderTest.LongestLock);
        var again = await agent.NextAsync();

        Assert.Equal((id.Value, id.Value), (first.Id, again.Id));
        await first.SettleAsync(Settlement.Accepted);
        await again.SettleAsync(Settlement.Accepted);
        Assert.Equal(0, relay.LengthOf(tenant));
    }

    [Fact]
    [Trait("Case", "H81")]
    public async Task With_an_agents_key_nothing_can_be_sent_and_no_other_queue_be_read()
    {
        var (mine, theirs) = (await relay.NewTenantAsync(), await relay.NewTenantAsync());
        var (own, other) = (RelayAddress.Of(mine, RelayUnderTest.Connector).Value, RelayAddress.Of(theirs, RelayUnderTest.Connector).Value);
        var key = Assert.IsType<ServiceBusKeyReading.Good>(
            ServiceBusKey.Read(relay.Service.AddPolicy(listens: true, queue: own, named: false))
        );
        await using var client = key.Key.Open();

        foreach (var queue in new[] { own, other })
        {
            await using var sender = client.CreateSender(queue);
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() =>
                sender.SendMessageAsync(new("junk"), TestContext.Current.CancellationToken)
            );
        }

        await using var receiver = client.CreateReceiver(other);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() =>
            receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken)
        );
    }

    private async Task<RelayConnecting.Refused?> EnterAsync(string? key, string queue)
    {
        var file = Path.Combine(relay.Portal.Folder, "agent.key");
        await File.WriteAllTextAsync(file, key ?? "", TestContext.Current.CancellationToken);
        var source = new ServiceBusRequestSource(
            new AgentOptions { ServiceBusFile = key is null ? null : file },
            TimeProvider.System,
            NullLogger<ServiceBusRequestSource>.Instance
        );
        return await source.ReceiveAsync(
            new($"sb://127.0.0.1:{relay.Service.Port}/", [new ConnectorAddress(RelayUnderTest.Connector, queue)]),
            () => Assert.Fail("It was let in."),
            _ => Task.CompletedTask,
            TestContext.Current.CancellationToken
        );
    }
}
