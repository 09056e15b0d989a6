using Portal.Policy;
using PortalApp.Users;

namespace PortalApp.Passwords;

/// <summary>What a password has to be that lives in the portal (NIST SP 800-63B-4 §3.1.1.2).</summary>
internal static class PortalRules
{
    public const int MinLength = 15;

    /// <summary>Before a password is typed.</summary>
    public static readonly PasswordRules Shown = new(PolicySource.Domain, null, MinLength, false, 0, false, null, []);

    /// <summary>Fifteen characters, none of the most common, without the person's own name.</summary>
    public static PolicyVerdict Judge(string typed, User user)
    {
        if (NewPassword.TryCreate(typed) is not { } password)
        {
            return new PolicyVerdict.Rejected([PasswordRules.WhyUnusable(typed)]);
        }

        var name = user.UserPrincipalName[..user.UserPrincipalName.IndexOf('@', StringComparison.Ordinal)];
        RuleBroken? broken =
            typed.EnumerateRunes().Count() < MinLength ? RuleBroken.TooShort
            : typed.Distinct().Count() < 5 || IsRun(typed) ? RuleBroken.Common
            : name.Length > 2 && typed.Contains(name, StringComparison.OrdinalIgnoreCase) ? RuleBroken.HasName
            : null;
        return broken is { } rule ? new PolicyVerdict.Rejected([rule]) : new PolicyVerdict.Accepted(password);
    }

    /// <summary>Each character follows the one before it, or a short piece is only repeated.</summary>
    private static bool IsRun(string typed) =>
        typed.Zip(typed.Skip(1)).All(pair => Math.Abs(pair.First - pair.Second) == 1)
        || Enumerable.Range(1, typed.Length / 3).Any(period => typed.Skip(period).Zip(typed).All(pair => pair.First == pair.Second));
}
