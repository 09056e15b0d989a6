using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Agent.Directory.Channels;

/// <summary>
/// Open connections that nobody holds, newest first, and the opening of new ones: few at a time for a controller, so that one that hangs
/// costs few threads and not one for each who asks.
/// </summary>
internal sealed class ChannelPool(DirectoryOptions options, ChannelOpening opening, TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly ConcurrentStack<DirectoryChannel> idle = new();
    private readonly SemaphoreSlim leases = new(DirectoryLimits.Channels);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> openings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Controllers that did not answer. While another does, nobody who asks for any is made to wait for one of these: whoever asks for it by name
    /// (as the look at each, every ten seconds) finds it when it is back.
    /// </summary>
    private readonly ConcurrentDictionary<string, bool> silent = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim unproven = new(1);
    private volatile RefusedBind? refused;
    private volatile bool proven;
    private bool disposed;

    /// <param name="counted">False for what must not wait behind requests.</param>
    public async Task<Rent> RentAsync(string? server, bool counted, CancellationToken cancellation)
    {
        if (counted && !await leases.WaitAsync(DirectoryLimits.Queue, cancellation))
        {
            return new Rent.None(false, "Every connection to the directory is in use.");
        }

        var lent = false;
        try
        {
            var rent = TakeIdle(server) is { } waiting ? new Rent.Lent(waiting) : await OpenFirstAsync(server, cancellation);
            if (rent is Rent.Lent(var channel))
            {
                lent = true;
                channel.GiveBack = back => GiveBack(back, counted);
            }

            return rent;
        }
        finally
        {
            if (counted && !lent)
            {
                leases.Release();
            }
        }
    }

    public void Dispose()
    {
        disposed = true;
        while (idle.TryPop(out var channel))
        {
            channel.Close();
        }
    }

    private DirectoryChannel? TakeIdle(string? server)
    {
        var others = new List<DirectoryChannel>();
        DirectoryChannel? taken = null;
        while (taken is null && idle.TryPop(out var channel))
        {
            if (!channel.IsFresh)
            {
                channel.Close();
            }
            else if (server is not null && !string.Equals(server, channel.Controller.Server, StringComparison.OrdinalIgnoreCase))
            {
                others.Add(channel);
            }
            else
            {
                taken = channel;
            }
        }

        others.ForEach(idle.Push);
        return taken;
    }

    private void GiveBack(DirectoryChannel channel, bool counted)
    {
        channel.GiveBack = null;
        if (channel.IsBroken)
        {
            // What broke one connection has most likely broken those that idle to the same controller.
            silent[channel.Controller.Server] = true;
            foreach (var other in Drain())
            {
                if (other.Controller.Server == channel.Controller.Server)
                {
                    other.Close();
                }
                else
                {
                    idle.Push(other);
                }
            }
        }

        if (channel.IsFresh && !disposed && idle.Count < DirectoryLimits.Channels)
        {
            idle.Push(channel);
        }
        else
        {
            channel.Close();
        }

        if (counted)
        {
            leases.Release();
        }
    }

    private List<DirectoryChannel> Drain()
    {
        var all = new List<DirectoryChannel>();
        while (idle.TryPop(out var channel))
        {
            all.Add(channel);
        }

        return all;
    }

    private async Task<Rent> OpenFirstAsync(string? server, CancellationToken cancellation)
    {
        if (proven)
        {
            return await OpenOneOfAsync(server, cancellation);
        }

        // Until the directory has taken the password, one at a time tries it: a wrong one must not be told it by a dozen requests at once.
        if (!await unproven.WaitAsync(DirectoryLimits.Queue, cancellation))
        {
            return new Rent.None(false, "Earlier attempts to connect have not ended.");
        }

        try
        {
            return await OpenOneOfAsync(server, cancellation);
        }
        finally
        {
            unproven.Release();
        }
    }

    private async Task<Rent> OpenOneOfAsync(string? server, CancellationToken cancellation)
    {
        if (
            refused is (var at, var changed, var reason)
            && clock.GetElapsedTime(at) < DirectoryLimits.AfterRefusedBind
            && changed == PasswordChanged()
        )
        {
            return new Rent.None(true, reason);
        }

        var whys = new List<string>();
        foreach (var candidate in server is null ? options.Servers.OrderBy(silent.ContainsKey) : Enumerable.Repeat(server, 1))
        {
            switch (await OpenAsync(candidate, cancellation))
            {
                case Opening.Opened(var channel):
                    silent.TryRemove(candidate, out _);
                    refused = null;
                    proven = true;
                    return new Rent.Lent(channel);
                case Opening.BindRefused(var why):
                    proven = false;
                    refused = new(clock.GetTimestamp(), PasswordChanged(), why);
                    logger.BindRefused(why);
                    return new Rent.None(true, why);
                case Opening.Failed(var why):
                    if (silent.TryAdd(candidate, true))
                    {
                        logger.ControllerSilent(candidate, why);
                    }

                    whys.Add(why);
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        return new Rent.None(false, string.Join(' ', whys));
    }

    /// <summary>1601 where there is no such file.</summary>
    private DateTime PasswordChanged() => File.GetLastWriteTimeUtc(options.BindPasswordFile);

    private async Task<Opening> OpenAsync(string server, CancellationToken cancellation)
    {
        var gate = openings.GetOrAdd(server, _ => new SemaphoreSlim(DirectoryLimits.Openings));
        if (!await gate.WaitAsync(DirectoryLimits.Queue, cancellation))
        {
            return new Opening.Failed($"{server}: earlier attempts to connect have not ended.");
        }

        var attempt = Task.Factory.StartNew(
            () => opening.Open(server),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        _ = attempt.ContinueWith(_ => gate.Release(), TaskScheduler.Default);
        try
        {
            return await attempt.WaitAsync(DirectoryLimits.Open, clock, cancellation);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            _ = attempt.ContinueWith(
                late => (late.Result as Opening.Opened)?.Channel.Close(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default
            );
            cancellation.ThrowIfCancellationRequested();
            return new Opening.Failed($"{server}: no answer within {DirectoryLimits.Open.TotalSeconds:0} s.");
        }
    }

    private sealed record RefusedBind(long At, DateTime PasswordChanged, string Why);
}
