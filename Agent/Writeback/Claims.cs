using System.Buffers.Text;
using System.Security.Cryptography;
using Agent.Portal;
using Agent.Store;
using Microsoft.Data.Sqlite;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>Asks the portal for a request before the account is touched ("The grant").</summary>
internal sealed class Claims(PortalClient portal, Journal journal, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(300);

    /// <summary>Asks again with the same attempt while the portal is not reached and time is left.</summary>
    /// <returns>Null when it was not granted, or nobody said.</returns>
    /// <exception cref="SqliteException">The journal cannot be written.</exception>
    public async Task<Grant?> TakeAsync(WritebackRequest request, CancellationToken cancellation)
    {
        var noted = journal.ClaimAsync(request.Id);
        var (grant, answered) = await AskAsync(request, cancellation);
        try
        {
            await noted;
        }
        catch (SqliteException) when (grant is not null)
        {
            // The intent will fail as well, and then the portal is told.
        }

        if (grant is null && answered)
        {
            await journal.ForgetAsync(request.Id);
        }

        return grant;
    }

    private async Task<(Grant? Grant, bool Answered)> AskAsync(WritebackRequest request, CancellationToken cancellation)
    {
        var attempt = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var life = request.Deadline - request.Issued;
        var patience = life < Longest ? life : Longest;
        var begun = time.GetTimestamp();
        while (true)
        {
            var sent = time.GetTimestamp();
            if (await portal.ClaimAsync(new(request.Id.Value, attempt), cancellation) is { } answer)
            {
                return (answer.Granted ? new(attempt, sent, TimeSpan.FromMilliseconds(answer.RemainingMilliseconds), time) : null, true);
            }

            if (time.GetElapsedTime(begun) + Pause >= patience)
            {
                return (null, false);
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }
}

/// <param name="sent">When the claim that was answered was sent, by the monotonic clock.</param>
internal sealed class Grant(string attempt, long sent, TimeSpan remaining, TimeProvider time)
{
    /// <summary>A modify needs a moment to arrive: none is started in the last one.</summary>
    private static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(250);

    public string Attempt => attempt;

    public bool HasTime => time.GetElapsedTime(sent) + LastMoment < remaining;
}
