using System.Collections.Concurrent;
using System.Threading.Channels;
using Agent.Relay;
using Portal.Agents;

namespace PortalApp.Tests.Relay;

/// <summary>An agent's end of any relay, whose deliveries a test takes one by one; it enters again whenever it was lost, as the agent does.</summary>
internal sealed class ContractAgent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<Taken> arrived = Channel.CreateUnbounded<Taken>();
    private readonly ConcurrentBag<Taken> open = [];
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FreezableLink link;

    private ContractAgent(IRequestSource source, RelayPlace place, FreezableLink link)
    {
        this.link = link;
        Ended = ReceiveAsync(source, place);
    }

    /// <summary>Why it was not let in, once that is so.</summary>
    public Task<RelayConnecting.Refused?> Ended { get; }

    /// <param name="link">Its way to the relay.</param>
    public static ContractAgent Start(IRequestSource source, RelayPlace place, FreezableLink link) => new(source, place, link);

    public async Task<ContractAgent> ListeningAsync()
    {
        await Task.WhenAny(entered.Task, Ended).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(entered.Task.IsCompleted, $"{(Ended.IsCompleted ? Ended.Result : null)}");
        return this;
    }

    public async Task<Taken> NextAsync() =>
        await arrived
            .Reader.ReadAsync(TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(Patience, TestContext.Current.CancellationToken);

    public bool HasNothing => open.IsEmpty;

    public void Cut() => link.Cut();

    /// <summary>What it is connected to says nothing any more, and nothing is closed.</summary>
    public void Freeze() => link.FreezeWhatStands();

    /// <summary>Says that it is done with it when nothing of it arrives any more.</summary>
    public Task SettleUnheardAsync(Taken taken)
    {
        link.Freeze();
        return taken.SettleAsync(Settlement.Accepted);
    }

    /// <summary>As a machine that loses its power with whatever it had in work.</summary>
    public async Task KillAsync()
    {
        await link.DisposeAsync();
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Ended.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Patience);
        await link.DisposeAsync();
    }

    private async Task<RelayConnecting.Refused?> ReceiveAsync(IRequestSource source, RelayPlace place)
    {
        while (!stop.IsCancellationRequested)
        {
            var refused = await source.ReceiveAsync(place, () => entered.TrySetResult(), TakeAsync, stop.Token);
            if (refused is { Fault: not RelayFault.Unreachable })
            {
                return refused;
            }
        }

        return null;
    }

    private async Task TakeAsync(RelayDelivery delivery)
    {
        var taken = new Taken(delivery);
        open.Add(taken);
        await arrived.Writer.WriteAsync(taken);
        // One that arrives while the agent stops is forgotten as well.
        await Task.WhenAny(taken.Done, Task.Delay(Timeout.InfiniteTimeSpan, stop.Token));
    }
}

/// <summary>A delivery that is in work until the test says what becomes of it.</summary>
internal sealed class Taken(RelayDelivery delivery)
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => delivery.Id;

    public ReadOnlyMemory<byte> Body => delivery.Body;

    public Task Done => done.Task;

    public async Task SettleAsync(Settlement how)
    {
        await delivery.SettleAsync(how);
        done.TrySetResult();
    }
}
