using System.Globalization;
using System.Text;

namespace Portal.Policy;

/// <summary>
/// The password policy that the directory will apply to one account, as far as the agent may read it. It is shown before typing and ticked in
/// the browser; the directory alone decides. <see cref="Judge"/> refuses only what the directory would surely refuse.
/// </summary>
/// <param name="MinimumLength">UTF-16 code units; 0 = none.</param>
/// <param name="Complexity">Three of five kinds of character (MS-SAMR 3.1.1.7.2).</param>
/// <param name="HistoryLength">How many earlier passwords the directory remembers.</param>
/// <param name="HistoryEnforced">False where the directory does not check the history at a reset (no policy-hints control).</param>
/// <param name="ChangeableFrom">Set where a minimum age stands in the way.</param>
/// <param name="Names">What the password should not contain (account name and parts of the display name), lower case. Compared by value.</param>
public sealed record PasswordRules(
    PolicySource Source,
    string? PolicyName,
    int MinimumLength,
    bool Complexity,
    int HistoryLength,
    bool HistoryEnforced,
    DateTimeOffset? ChangeableFrom,
    IReadOnlyList<string> Names
)
{
    public const int KindsNeeded = 3;

    public bool Equals(PasswordRules? other) =>
        other is not null
        && (Source, PolicyName, MinimumLength, Complexity) == (other.Source, other.PolicyName, other.MinimumLength, other.Complexity)
        && (HistoryLength, HistoryEnforced, ChangeableFrom) == (other.HistoryLength, other.HistoryEnforced, other.ChangeableFrom)
        && Names.SequenceEqual(other.Names, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Source, PolicyName, MinimumLength, HistoryLength, ChangeableFrom, Names.Count);

    public PolicyVerdict Judge(string? typed)
    {
        if (NewPassword.TryCreate(typed) is not { } password)
        {
            return new PolicyVerdict.Rejected([WhyUnusable(typed)]);
        }

        var broken = new List<RuleBroken>();
        if (typed!.Length < MinimumLength)
        {
            broken.Add(RuleBroken.TooShort);
        }

        if (Complexity && KindsOf(typed) < KindsNeeded)
        {
            broken.Add(RuleBroken.NotComplex);
        }

        return broken.Count > 0 ? new PolicyVerdict.Rejected(broken) : new PolicyVerdict.Accepted(password);
    }

    /// <summary>Why it is no password at all, whatever the rules are.</summary>
    public static RuleBroken WhyUnusable(string? typed) =>
        string.IsNullOrEmpty(typed) ? RuleBroken.Empty
        : typed.Length > NewPassword.MaxLength ? RuleBroken.TooLong
        : RuleBroken.Unusable;

    /// <summary>Capitals, small letters, digits, other letters, and everything else (signs).</summary>
    private static int KindsOf(string text) => text.EnumerateRunes().Select(KindOf).Distinct().Count();

    private static int KindOf(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => 0,
            UnicodeCategory.LowercaseLetter => 1,
            UnicodeCategory.DecimalDigitNumber => 2,
            UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter => 3,
            _ => 4,
        };
}

public enum PolicySource
{
    Domain,
    FineGrained,

    /// <summary>A fine-grained policy applies that the agent's account may not read: the figures are the domain's, and may be too mild.</summary>
    FineGrainedUnreadable,

    /// <summary>The password lives in the portal; its length is counted in characters as people count them.</summary>
    Portal,
}
