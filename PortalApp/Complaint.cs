namespace PortalApp;

/// <summary>What the operator reads on stderr: a sentence, and the stable number of its kind, as a line of the log has one.</summary>
internal static class Complaint
{
    public const int CannotStart = 4801;

    /// <summary>One line for each value.</summary>
    public const int WrongConfiguration = 4802;
    public const int CommandRefused = 4803;
    public const int CommandNotUnderstood = 4804;

    public static void Write(TextWriter error, int number, string sentence) =>
        error.WriteLine($"{sentence.ReplaceLineEndings(" ")} [{number}]");
}
