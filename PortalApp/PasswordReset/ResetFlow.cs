using Portal.Writeback;

namespace PortalApp.PasswordReset;

/// <summary>The wizard as a pure function; <c>ResetFlow.mermaid</c> beside it draws the same, and a test holds the two together.</summary>
internal static class ResetFlow
{
    public static ResetStage StageOf(ResetFacts facts) =>
        facts switch
        {
            { Identified: false } => new ResetStage.Identify(),
            // What was sent is told to its end, whatever else has changed meanwhile.
            { Set: Asked.Open } => new ResetStage.Setting(),
            { Set: Asked.Answered { Result: WritebackResult.Applied applied } } => new ResetStage.Done(
                applied.Unlocked,
                applied.StaysLocked
            ),
            { Set: Asked.Answered { Result: WritebackResult.Unknown } } => new ResetStage.Unknown(),
            { Set: Asked.Answered answer } when IsOfTheAccount(answer.Result.Why) => new ResetStage.Refused(answer.Result.Why),
            { Alive: false } => new ResetStage.Expired(),
            { GatesSpent: true, Set: Asked.Answered answer } => new ResetStage.Refused(answer.Result.Why),
            { Set: Asked.Answered answer } when facts.Sets >= facts.SetsAllowed => new ResetStage.TooManySets(answer.Result.Why),
            { Disputed: true } when facts.GatesPassed >= facts.GatesRequired => new ResetStage.Disputed(),
            { Check: Asked.Answered check } when IsOfTheAccount(check.Result.Why) => new ResetStage.Refused(check.Result.Why),
            { GateAsked: false } when facts.GatesPassed < facts.GatesRequired => new ResetStage.ChooseMethod(),
            _ when facts.GatesPassed < facts.GatesRequired => new ResetStage.Gate(),
            { Check: Asked.Answered { Result: WritebackResult.Settable settable } } => new ResetStage.ChoosePassword(
                (facts.Set as Asked.Answered)?.Result is WritebackResult.Rejected { Rules: { } now } ? now : settable.Rules,
                facts.Set is Asked.Answered answer ? answer.Result.Why : null,
                settable.StaysLocked,
                settable.MayUnlock
            ),
            { Check: Asked.Answered check } => new ResetStage.NotReached(check.Result.Why),
            _ => new ResetStage.Checking(),
        };

    /// <summary>A fact about the account or the tenant's set-up, which another password or another try does not change.</summary>
    public static bool IsOfTheAccount(WritebackReason reason) =>
        reason
            is WritebackReason.NotFoundOnPremises
                or WritebackReason.SeveralMatches
                or WritebackReason.Protected
                or WritebackReason.ProtectedOnce
                or WritebackReason.Disabled
                or WritebackReason.AccountExpired
                or WritebackReason.SmartCardRequired
                or WritebackReason.NoRight
                or WritebackReason.OutOfScope
                or WritebackReason.NotSupported
                or WritebackReason.DirectoryMisconfigured;
}
