namespace Portal.Gates;

/// <summary>
/// Every number that bounds a reset, in one place. "A network" is a <see cref="NetworkPrefix"/>; "an hour" is any hour, not one of the clock
/// (no sixty minutes ever hold more than the limit). Pages by GET are not limited.
/// </summary>
public static class ResetLimits
{
    /// <summary>Decimal digits of a code (NIST SP 800-63B-4 asks for 6 at least).</summary>
    public const int CodeDigits = 8;

    /// <summary>How long a code works, unless its flow ends before it.</summary>
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Codes that are compared with the one that was sent; a text that cannot be a code is not compared and costs nothing.</summary>
    public const int TriesPerCode = 5;

    /// <summary>In an hour, for one subject and, apart from it, for one address.</summary>
    public const int CodesPerHour = 20;

    /// <summary>Flows begun in an hour from one network.</summary>
    public const int FlowsPerNetworkPerHour = 200;

    /// <summary>From the user id to the end, whatever stage it is in.</summary>
    public static readonly TimeSpan FlowLifetime = TimeSpan.FromMinutes(15);

    /// <summary>Passwords that one flow may try to set (I7).</summary>
    public const int AttemptsPerFlow = 10;

    /// <summary>Captcha challenges handed out in a minute to one network. Each page of the first step takes one.</summary>
    public const int CaptchaChallengesPerNetworkPerMinute = 120;

    /// <summary>From the captcha's issue to its last use: long enough for somebody who looks up the user id meanwhile.</summary>
    public static readonly TimeSpan CaptchaLifetime = TimeSpan.FromMinutes(20);

    /// <summary>
    /// PBKDF2-HMAC-SHA-256 rounds for one guess at a captcha. A solution needs 256 guesses on average, so 2.6 million rounds: about 0.7 s in
    /// Chromium on two server cores and one to two on a phone of four, three times that for the unluckiest in twenty; a few milliseconds on the
    /// server, which derives once.
    /// </summary>
    public const int CaptchaRounds = 10_000;

    /// <summary>Characters of a posted captcha solution; a real one has about 600.</summary>
    public const int CaptchaPayloadLength = 2_048;

    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
}
