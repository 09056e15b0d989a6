namespace PortalApp.Gates.Codes;

/// <summary>Why a code was not taken, or none was sent. Closed: the cases below.</summary>
internal abstract record CodeRefusal : GateRefusal
{
    private CodeRefusal() { }

    /// <summary>Nothing was typed; nothing was compared.</summary>
    public sealed record Missing : CodeRefusal;

    /// <summary>Not the code. A text without exactly eight digits is this too, with <paramref name="TriesLeft"/> unchanged (H42).</summary>
    /// <param name="TriesLeft">Of this code; at 0 a new one must be asked for.</param>
    public sealed record Wrong(int TriesLeft) : CodeRefusal;

    /// <summary>No code works here: none was sent, or it was used, replaced, ran out, or the address was changed. A new one helps.</summary>
    public sealed record NoCode : CodeRefusal;

    /// <summary>The five tries of this code are used up. A new one helps.</summary>
    public sealed record TriesUsed : CodeRefusal;

    /// <summary>None was sent: twenty were within the hour; one can be sent again at <paramref name="Until"/>.</summary>
    public sealed record TooManyCodes(DateTimeOffset Until) : CodeRefusal;
}
