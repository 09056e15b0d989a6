namespace PortalApp.Gates;

/// <summary>Why a gate did not do what was asked. Closed: the three cases below.</summary>
internal abstract record GateBlock
{
    private GateBlock() { }

    /// <summary>No code of this flow works: none was sent, or it was used, replaced, ran out, or the address was changed. A new one helps.</summary>
    public sealed record NoCode : GateBlock;

    /// <summary>The five tries of this code are used up. A new one helps.</summary>
    public sealed record TriesUsed : GateBlock;

    /// <summary>Twenty codes were sent within the hour; one can be sent again at <paramref name="Until"/>.</summary>
    public sealed record TooManyCodes(DateTimeOffset Until) : GateBlock;
}
