using Agent.Store;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>What to do about a request that the portal granted to this agent and whose outcome it lacks or knows as unknown.</summary>
internal abstract record RecoveryDecision
{
    private RecoveryDecision() { }

    /// <summary>This process is at it, and will report.</summary>
    public sealed record Wait : RecoveryDecision;

    public sealed record Report(WritebackResult Result) : RecoveryDecision;

    /// <summary>It may have been carried out: the directory's count is asked, and it is never carried out again.</summary>
    public sealed record LookInto(Intent Intent) : RecoveryDecision;

    /// <summary>Granted to this agent's keys, but not to this agent: somebody runs a copy of it, and only that one knows (H76).</summary>
    public sealed record Foreign : RecoveryDecision;

    /// <param name="claimed">The journal holds the claim that the portal granted.</param>
    /// <param name="intact">The journal has not been lost since the request may have been granted.</param>
    public static RecoveryDecision For(bool inFlight, JournalEntry? entry, bool claimed, bool intact) =>
        (inFlight, entry, claimed, intact) switch
        {
            (true, _, _, _) => new Wait(),
            (_, { Intent: { } intent, Result: null or WritebackResult.Unknown }, _, _) => new LookInto(intent),
            // An Unknown without an intent is what was said of a lost journal.
            (_, null or { Result: not WritebackResult.Unknown }, false, true) => new Foreign(),
            (_, { Result: { } result }, _, _) => new Report(result),
            (_, _, true, _) => new Report(
                new WritebackResult.NotAttempted(WritebackReason.AgentFault, "The agent was stopped before it touched the account.")
            ),
            _ => new Report(new WritebackResult.Unknown(WritebackReason.AnswerLost, "The agent's journal was lost.")),
        };
}
