using System.Text.RegularExpressions;

namespace PortalApp.Tests.PasswordReset;

/// <summary>The codes in what a person was sent: eight adjacent digits each.</summary>
internal static partial class SentCodes
{
    public static IEnumerable<string> In(string text) => Code().Matches(text).Select(code => code.Value);

    [GeneratedRegex(@"(?<!\d)\d{8}(?!\d)")]
    private static partial Regex Code();
}
