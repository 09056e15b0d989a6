using System.Buffers.Text;
using System.Security.Cryptography;
using Agent.Portal;
using Agent.Store;
using Microsoft.Data.Sqlite;
using Portal.Agents;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>Asks the portal for a request before the account is touched ("The grant").</summary>
internal sealed class Claims(PortalClient portal, Journal journal, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(300);

    /// <summary>
    /// Draws an attempt and notes it: an agent that is killed with a grant in its hands must know it for its own. It waits for the disk, and for
    /// nothing else: the account can be read meanwhile.
    /// </summary>
    /// <exception cref="SqliteException">The journal cannot be written.</exception>
    public async Task<string> NoteAsync(WritebackRequest request)
    {
        var attempt = NewAttempt();
        await journal.ClaimAsync(request.Id, ClaimRequest.HashOf(attempt));
        return attempt;
    }

    /// <summary>Asks again with the same attempt while the portal is not reached and time is left.</summary>
    /// <param name="attempt">One that was noted.</param>
    public Task<Claim> TakeAsync(WritebackRequest request, string attempt, CancellationToken cancellation) =>
        AskAsync(request, attempt, cancellation);

    /// <summary>For what sets nothing: whoever is asked later whether it did has nothing to tell, so that nothing is noted.</summary>
    public Task<Claim> TakeUnnotedAsync(WritebackRequest request, CancellationToken cancellation) =>
        AskAsync(request, NewAttempt(), cancellation);

    private static string NewAttempt() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>No grant outlives the request, whatever the portal's clock says (H87).</summary>
    private async Task<Claim> AskAsync(WritebackRequest request, string attempt, CancellationToken cancellation)
    {
        var life = request.Deadline - request.Issued;
        var patience = Least(life, Longest);
        var begun = clock.GetTimestamp();
        for (var unheard = false; ; unheard = true)
        {
            var sent = clock.GetTimestamp();
            if (await portal.ClaimAsync(new(request.Id.Value, attempt), cancellation) is { } answer)
            {
                return answer.Granted
                        ? new Claim.Granted(new(attempt, sent, Least(TimeSpan.FromMilliseconds(answer.RemainingMilliseconds), life), clock))
                    : unheard ? new Claim.Unsure(attempt)
                    : new Claim.Refused();
            }

            if (clock.GetElapsedTime(begun) + Pause >= patience)
            {
                return new Claim.Unsure(attempt);
            }

            await Task.Delay(Pause, clock, cancellation);
        }
    }

    private static TimeSpan Least(TimeSpan told, TimeSpan life) => told < life ? told : life;
}

internal abstract record Claim
{
    private Claim() { }

    public sealed record Granted(Grant Grant) : Claim;

    /// <summary>It is somebody else's, or over.</summary>
    public sealed record Refused : Claim;

    /// <summary>An ask went unanswered, and the portal may have granted it: it waits for a word of what came of it.</summary>
    public sealed record Unsure(string Attempt) : Claim;
}

/// <param name="sent">When the claim that was answered was sent, by the monotonic clock.</param>
internal sealed class Grant(string attempt, long sent, TimeSpan remaining, TimeProvider clock)
{
    /// <summary>A modify needs a moment to arrive: none is started in the last one.</summary>
    private static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(250);

    public string Attempt => attempt;

    public bool HasTime => clock.GetElapsedTime(sent) + LastMoment < remaining;
}
