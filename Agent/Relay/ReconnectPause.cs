using System.Security.Cryptography;

namespace Agent.Relay;

/// <summary>How long to wait before the next attempt: half a second at first, doubled to five, so that a portal that is back is found within ten.</summary>
internal sealed class ReconnectPause
{
    /// <summary>For a secret that the relay refuses: somebody has to do something, and it is not the network.</summary>
    public static readonly TimeSpan Refused = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan next = First;

    public void Reset() => next = First;

    /// <summary>Shortened by up to a fifth at random, so that a thousand agents do not come at once.</summary>
    public TimeSpan Next()
    {
        var pause = next;
        next = next * 2 < Longest ? next * 2 : Longest;
        return pause * (RandomNumberGenerator.GetInt32(800, 1001) / 1000.0);
    }
}
