using System.Net;
using System.Net.Sockets;

namespace PortalApp.Tests.Relay;

/// <summary>A TCP link to a port on this machine that can go silent without closing, as a pulled cable does, or be cut.</summary>
internal sealed class FreezableLink : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly List<TcpClient> ends = [];
    private readonly Task accepting;
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int frozen;
    private int accepted;
    private volatile bool ended;

    /// <param name="held">What connects waits for <see cref="Release"/>, as before a machine that is suspended.</param>
    public FreezableLink(int target, bool held = false)
    {
        if (!held)
        {
            Release();
        }

        listener.Start();
        accepting = AcceptAsync(target);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>One side has closed.</summary>
    public bool HasEnded => ended;

    public void Release() => released.TrySetResult();

    public void Freeze() => frozen = int.MaxValue;

    /// <summary>Who connects anew gets through.</summary>
    public void FreezeWhatStands() => frozen = accepted;

    public void Cut()
    {
        lock (ends)
        {
            ends.ForEach(end => end.Client.Close(0));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested)
        {
            return;
        }

        await stop.CancelAsync();
        listener.Dispose();
        Cut();
        await accepting.ContinueWith(_ => { }, TaskScheduler.Default);
        stop.Dispose();
    }

    private async Task AcceptAsync(int target)
    {
        while (true)
        {
            var near = await listener.AcceptTcpClientAsync(stop.Token);
            await released.Task.WaitAsync(stop.Token);
            near.NoDelay = true;
            var far = new TcpClient { NoDelay = true };
            await far.ConnectAsync(IPAddress.Loopback, target, stop.Token);
            lock (ends)
            {
                ends.AddRange([near, far]);
            }

            var number = ++accepted;
            _ = PumpAsync(number, near.GetStream(), far.GetStream());
            _ = PumpAsync(number, far.GetStream(), near.GetStream());
        }
    }

    private async Task PumpAsync(int number, NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, stop.Token) is > 0 and var count)
            {
                if (number > frozen)
                {
                    await to.WriteAsync(buffer.AsMemory(0, count), stop.Token);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut.
        }

        ended = true;
    }
}
