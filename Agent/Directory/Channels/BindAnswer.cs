using System.Globalization;
using System.Text.RegularExpressions;

namespace Agent.Directory.Channels;

/// <summary>What a directory said to a bind as somebody else than the agent.</summary>
internal abstract partial record BindAnswer
{
    /// <summary>ERROR_LOGON_FAILURE: also for an account that does not exist.</summary>
    public const int WrongPassword = 0x52e;

    private BindAnswer() { }

    /// <param name="Sids">Whom the directory took the caller for, with their groups.</param>
    public sealed record Accepted(IReadOnlySet<Sid> Sids) : BindAnswer;

    /// <param name="Error">Windows' number of the reason, as Active Directory gives it behind <c>data</c>.</param>
    /// <param name="Text">The directory's own words.</param>
    public sealed record Refused(int Error, string Text) : BindAnswer;

    /// <summary>No answer. The directory may have counted a wrong password all the same.</summary>
    public sealed record Lost(string Why) : BindAnswer;

    public static Refused Of(string text) =>
        new(
            DataCode().Match(text) is { Success: true } found
                ? int.Parse(found.Groups["code"].ValueSpan, NumberStyles.HexNumber, null)
                : WrongPassword,
            text
        );

    [GeneratedRegex("data (?<code>[0-9a-f]{1,7})", RegexOptions.ExplicitCapture)]
    private static partial Regex DataCode();
}
