using System.Diagnostics;
using System.Text.Json;
using Portal.Writeback;

namespace PortalApp.Writeback.Requests;

/// <summary>What an agent's outcome does to a request.</summary>
internal enum OutcomeEffect
{
    Ends,

    /// <summary>It ended as unknown, and this is the evidence.</summary>
    Resolves,

    /// <summary>The portal holds exactly this already: the agent sent it again because an answer was lost.</summary>
    Held,

    /// <summary>Too late or beside the point, as happens among honest agents: nothing changes, nobody is alarmed.</summary>
    Moot,

    /// <summary>Forged, of another agent, of the wrong kind, or another word after the last one: nothing changes, and it is audited (H74).</summary>
    Refused,
}

/// <summary>Whose word counts, for what, and when (docs/decisions/0002). Pure.</summary>
internal static class OutcomeRules
{
    public static bool Writes(RequestKind kind) => kind is not (RequestKind.Check or RequestKind.Verify or RequestKind.Explain);

    /// <summary>An agent asks before it begins, so that it is begun once.</summary>
    private static bool IsClaimed(RequestKind kind) => kind is not (RequestKind.Check or RequestKind.Explain);

    /// <param name="agent">An active agent of the row's tenant; no other is asked here.</param>
    /// <param name="attempt">Null after a restart of the agent.</param>
    public static OutcomeEffect EffectOf(Request row, string agent, string? attempt, WritebackResult result)
    {
        if (!Answers(row.Kind, result))
        {
            return OutcomeEffect.Refused;
        }

        if (!IsClaimed(row.Kind))
        {
            return row.Result is null ? OutcomeEffect.Ends
                : IsHeld(row, result) ? OutcomeEffect.Held
                : OutcomeEffect.Moot;
        }

        return row.GrantedTo is null ? BeforeTheGrant(row, result)
            : row.GrantedTo == agent && (attempt is null || attempt == row.Attempt) ? OfTheGranted(row, result)
            : IsHarmless(result) ? OutcomeEffect.Moot
            : OutcomeEffect.Refused;
    }

    /// <summary>
    /// An answer that this portal cannot read leaves a write unknown: nothing is claimed of the password, and the agent is asked again, so that a
    /// portal that was updated meanwhile learns the truth. A question changed nothing, whatever was answered: it ends as not attempted.
    /// </summary>
    public static WritebackResult AsRead(RequestKind kind, WritebackResult result) =>
        result is WritebackResult.Unknown { Reason: WritebackReason.Unrecognised } unread && !Writes(kind)
            ? new WritebackResult.NotAttempted(unread.Reason, unread.Detail)
            : result;

    public static RequestOutcome OutcomeOf(WritebackResult result) =>
        result switch
        {
            WritebackResult.Applied => RequestOutcome.Applied,
            WritebackResult.Rejected => RequestOutcome.Rejected,
            WritebackResult.NotAttempted => RequestOutcome.NotAttempted,
            WritebackResult.Unknown => RequestOutcome.Unknown,
            WritebackResult.Settable => RequestOutcome.Settable,
            WritebackResult.Verified => RequestOutcome.Verified,
            WritebackResult.Explained => RequestOutcome.Explained,
            _ => throw new UnreachableException(),
        };

    public static string Write(WritebackResult result) => JsonSerializer.Serialize(result);

    public static WritebackResult? Read(string? result) => result is null ? null : JsonSerializer.Deserialize<WritebackResult>(result);

    /// <summary>An agent may refuse before it claims; the request then ends, and no later claim is granted.</summary>
    private static OutcomeEffect BeforeTheGrant(Request row, WritebackResult result) =>
        result is WritebackResult.Unknown && IsHarmless(result) ? OutcomeEffect.Moot
        : result is not WritebackResult.NotAttempted ? OutcomeEffect.Refused
        : row.Result is null ? OutcomeEffect.Ends
        : IsHeld(row, result) ? OutcomeEffect.Held
        : OutcomeEffect.Moot;

    private static OutcomeEffect OfTheGranted(Request row, WritebackResult result) =>
        row.Result is null ? OutcomeEffect.Ends
        : IsHeld(row, result) || (IsUnknown(row) && result is WritebackResult.Unknown) ? OutcomeEffect.Held
        : IsUnknown(row) ? OutcomeEffect.Resolves
        : result is WritebackResult.Unknown ? OutcomeEffect.Moot
        : OutcomeEffect.Refused;

    private static bool Answers(RequestKind kind, WritebackResult result) =>
        kind switch
        {
            RequestKind.Check => result is WritebackResult.Settable or WritebackResult.NotAttempted,
            RequestKind.Verify => result is WritebackResult.Verified or WritebackResult.Rejected or WritebackResult.NotAttempted,
            RequestKind.Explain => result is WritebackResult.Explained or WritebackResult.NotAttempted,
            _ => result
                is not (WritebackResult.Settable or WritebackResult.Healthy or WritebackResult.Verified or WritebackResult.Explained),
        };

    /// <summary>What an honest agent may say that was not granted, or that is newer than this portal.</summary>
    private static bool IsHarmless(WritebackResult result) =>
        result
            is WritebackResult.NotAttempted { Reason: WritebackReason.NotGranted or WritebackReason.NotSupported }
                or WritebackResult.Unknown { Reason: WritebackReason.Unrecognised };

    private static bool IsUnknown(Request row) => row.Outcome == RequestOutcome.Unknown;

    private static bool IsHeld(Request row, WritebackResult result) => Read(row.Result) == result;
}
