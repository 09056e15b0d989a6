namespace PortalApp.Gates;

/// <summary>What came of a typed code. Closed: the three cases below.</summary>
internal abstract record GateAnswer
{
    private GateAnswer() { }

    public sealed record Passed : GateAnswer;

    /// <summary>Not the code. A text without exactly eight digits is this too, with <paramref name="TriesLeft"/> unchanged (H42).</summary>
    /// <param name="TriesLeft">Of this code; at 0 a new one must be asked for.</param>
    public sealed record Failed(int TriesLeft) : GateAnswer;

    /// <summary>Nothing was compared.</summary>
    public sealed record Blocked(GateBlock Why) : GateAnswer;
}
