namespace PortalApp.Desk;

/// <summary>How a state is meant: a colour, and always a sign and a word beside it.</summary>
public enum Tone
{
    Plain,
    Good,
    Warn,
    Bad,
}

internal static class Tones
{
    /// <summary>The class of the style sheet.</summary>
    public static string Class(this Tone tone) =>
        tone switch
        {
            Tone.Good => "good",
            Tone.Warn => "warn",
            Tone.Bad => "bad",
            _ => "",
        };

    /// <summary>The sign within a chip.</summary>
    public static string Sign(this Tone tone) =>
        tone switch
        {
            Tone.Good => "check",
            Tone.Warn => "clock",
            Tone.Bad => "close",
            _ => "dash",
        };

    /// <summary>The sign beside a sentence.</summary>
    public static string Mark(this Tone tone) =>
        tone switch
        {
            Tone.Good => "ok",
            Tone.Warn => "warn",
            Tone.Bad => "bad",
            _ => "info",
        };
}
