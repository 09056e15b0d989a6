namespace PortalApp.Captcha;

/// <summary>What came of a posted captcha. Closed: the three cases below.</summary>
internal abstract record CaptchaVerdict
{
    private CaptchaVerdict() { }

    /// <param name="Purpose">What it was made for; whether that is what is wanted, the caller knows.</param>
    public sealed record Passed(CaptchaBinding Purpose) : CaptchaVerdict;

    /// <summary>Nothing was posted: the browser runs no script, or the form was sent by something else.</summary>
    public sealed record Missing : CaptchaVerdict;

    public sealed record Refused(CaptchaRefusal Why) : CaptchaVerdict;
}

/// <summary>In the order in which they are looked for.</summary>
internal enum CaptchaRefusal
{
    /// <summary>Too long, not base64, not JSON, or not of this form.</summary>
    Malformed,

    /// <summary>Not signed by this portal, or changed since.</summary>
    Forged,
    Expired,

    /// <summary>Signed by this portal for less work than is asked now.</summary>
    OtherTerms,

    /// <summary>Used before (H17).</summary>
    Spent,

    /// <summary>The work was not done.</summary>
    Unsolved,
}
