namespace PortalApp.Gates;

/// <summary>
/// Why a gate did not do what was asked. Each gate has its own, and its component has the words for them. Stands in the log as it prints, so
/// it holds nothing that was typed.
/// </summary>
internal abstract record GateRefusal
{
    /// <summary>
    /// By what the page's address says it after the redirect with which a form is answered. What else there is to say, such as how many tries
    /// are left, the component asks the gate anew.
    /// </summary>
    public string Name => GetType().Name;

    /// <summary>Nothing that this person does from here helps; the helpdesk does.</summary>
    public virtual bool IsOfThePerson => false;
}

/// <summary>What came of an answer. Closed: the two cases below.</summary>
internal abstract record GateAnswer
{
    private GateAnswer() { }

    public sealed record Passed : GateAnswer;

    public sealed record Refused(GateRefusal Why) : GateAnswer;
}

/// <summary>What came of beginning a gate. Closed: the two cases below.</summary>
internal abstract record GateBeginning
{
    private GateBeginning() { }

    /// <summary>It can be answered now.</summary>
    public sealed record Begun : GateBeginning;

    /// <summary>Nothing was begun; what was begun before still stands.</summary>
    public sealed record Refused(GateRefusal Why) : GateBeginning;
}
