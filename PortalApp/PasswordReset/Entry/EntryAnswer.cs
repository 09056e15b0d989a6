using PortalApp.Captcha;

namespace PortalApp.PasswordReset.Entry;

/// <summary>What came of the first form. Closed: the cases below.</summary>
internal abstract record EntryAnswer
{
    private EntryAnswer() { }

    /// <param name="Key">Of the flow, for the cookie.</param>
    /// <param name="Page">The path to go on.</param>
    public sealed record Begun(string Key, string Page) : EntryAnswer;

    /// <summary>The captcha was not done, is too old or was used.</summary>
    public sealed record CaptchaWrong : EntryAnswer;

    /// <summary>Many wrong answers are given at the moment: this name goes on with a second captcha, made for it alone.</summary>
    public sealed record CaptchaAgain(CaptchaChallenge Challenge) : EntryAnswer;

    /// <param name="IsEmpty">Nothing was typed; else it is not of the form of a user ID.</param>
    public sealed record NameWrong(bool IsEmpty) : EntryAnswer;

    /// <param name="Sign">What no user ID has and cannot always be seen, such as <c>U+200B</c>.</param>
    public sealed record NameForbidden(string Sign) : EntryAnswer;

    /// <summary>200 flows within the hour from this network.</summary>
    public sealed record TooManyFromHere : EntryAnswer;

    public sealed record Refused(Refusal Refusal) : EntryAnswer;
}
