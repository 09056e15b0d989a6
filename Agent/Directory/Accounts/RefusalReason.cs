using Portal.Policy;
using Portal.Writeback;

namespace Agent.Directory.Accounts;

/// <summary>Which rule a directory meant that only said "not by the policy" (Windows), from the rules that could be read.</summary>
internal static class RefusalReason
{
    /// <param name="holdsName">The password holds the account's name or a part of the display name.</param>
    public static WritebackReason Of(PasswordRules rules, PolicyVerdict verdict, bool holdsName, DateTimeOffset now)
    {
        var broken = verdict is PolicyVerdict.Rejected(var reasons) ? reasons : [];
        return broken.Contains(RuleBroken.TooShort) ? WritebackReason.TooShort
            : broken.Contains(RuleBroken.NotComplex) || (rules.Complexity && holdsName) ? WritebackReason.NotComplex
            : rules.ChangeableFrom > now ? WritebackReason.TooYoung
            : rules.Source == PolicySource.FineGrainedUnreadable ? WritebackReason.PolicyRefused
            : rules is { HistoryEnforced: true, HistoryLength: > 0 } ? WritebackReason.InHistory
            : WritebackReason.PolicyRefused;
    }
}
