using System.DirectoryServices.Protocols;

namespace Agent.Directory.Channels;

/// <summary>
/// One connection to one controller, lent to one request at a time. It is never reconnected and nothing on it is sent twice: after a lost answer
/// it is broken, and only a new one goes on. Disposing gives it back.
/// </summary>
internal sealed class DirectoryChannel(LdapConnection connection, Controller controller, TimeProvider clock) : IDisposable
{
    private readonly long opened = clock.GetTimestamp();
    private long used = clock.GetTimestamp();

    public Controller Controller => controller;

    public bool IsBroken { get; private set; }

    public bool IsFresh =>
        !IsBroken
        && clock.GetElapsedTime(opened) < DirectoryLimits.ChannelAge
        && clock.GetElapsedTime(Volatile.Read(ref used)) < DirectoryLimits.ChannelIdle;

    /// <summary>Where the channel goes when it is given back; null = it is closed.</summary>
    public Action<DirectoryChannel>? GiveBack { get; set; }

    /// <param name="limit">Whole seconds, at least one.</param>
    /// <param name="isInTime">Asked at the last moment before the first byte; null = always.</param>
    public async Task<DirectoryReply> SendAsync(DirectoryRequest request, TimeSpan limit, Func<bool>? isInTime = null)
    {
        if (IsBroken)
        {
            return new DirectoryReply.NotSent("The connection was already lost.");
        }

        // Taken once: by the thread that sends, or by the caller who has waited too long for one.
        var turn = 0;
        var call = Task.Run(() =>
            Interlocked.Exchange(ref turn, 1) == 0 && isInTime?.Invoke() != false
                ? Send(request, limit)
                : new DirectoryReply.NotSent("There was no time left.")
        );
        DirectoryReply reply;
        try
        {
            reply = await call.WaitAsync(limit + DirectoryLimits.Grace, clock);
        }
        catch (TimeoutException)
        {
            reply =
                Interlocked.Exchange(ref turn, 1) == 0
                    ? new DirectoryReply.NotSent("The agent was too busy to send it.")
                    : new DirectoryReply.Lost("No answer within the time limit, and the call did not end.");
        }

        IsBroken |= reply is DirectoryReply.Lost;
        Volatile.Write(ref used, clock.GetTimestamp());
        return reply;
    }

    public Task<DirectoryReply> ReadAsync(string dn, params string[] attributes) =>
        SendAsync(new SearchRequest(dn, "(objectClass=*)", SearchScope.Base, attributes), DirectoryLimits.Read);

    public void Dispose()
    {
        if (GiveBack is { } giveBack)
        {
            giveBack(this);
        }
        else
        {
            Close();
        }
    }

    /// <summary>Ends the connection: what was sent over it may still be at work, and nothing more is said.</summary>
    public void Abandon()
    {
        IsBroken = true;
        Close();
    }

    public void Close() => connection.Dispose();

    private DirectoryReply Send(DirectoryRequest request, TimeSpan limit)
    {
        try
        {
            return new DirectoryReply.Done(connection.SendRequest(request, limit));
        }
        catch (DirectoryOperationException e) when (e.Response is { } response)
        {
            return new DirectoryReply.Refused((int)response.ResultCode, response.ErrorMessage ?? "");
        }
        catch (LdapException e)
        {
            return new DirectoryReply.Lost($"{e.Message} ({e.ErrorCode})");
        }
        catch (Exception e)
        {
            // Whatever the library throws, the request was handed to it.
            return new DirectoryReply.Lost($"{e.GetType().Name}: {e.Message}");
        }
    }
}
