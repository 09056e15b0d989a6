namespace PortalApp.Audit.Chain;

/// <summary>What a chain shows to be wrong.</summary>
internal abstract record AuditFinding
{
    private AuditFinding() { }

    /// <summary>Nothing stands there any more, and no retention took it away.</summary>
    public sealed record Missing(long From, long To) : AuditFinding;

    /// <summary>It is not what was sealed under that number.</summary>
    public sealed record Changed(long Number, AuditEntry Entry) : AuditFinding;

    /// <summary>It was sealed under the one number and stands at the other.</summary>
    public sealed record Moved(long From, long To, AuditEntry Entry) : AuditFinding;

    /// <summary>What it was held to is gone, so that nobody can tell whether it was changed.</summary>
    public sealed record Unproven(long Number, AuditEntry Entry) : AuditFinding;

    /// <summary>It came into the table beside the chain.</summary>
    public sealed record Added(long Entry) : AuditFinding;

    /// <summary>The end of a day is not signed by this portal's key.</summary>
    public sealed record Unsigned(long Number, AuditEntry Entry) : AuditFinding;

    /// <summary>The chain does not hold what somebody outside it kept.</summary>
    public sealed record Other(long Number) : AuditFinding;
}

/// <param name="Sealed">Entries that were looked at.</param>
/// <param name="Waiting">That are not sealed yet.</param>
internal sealed record AuditReport(long Sealed, long Waiting, long Trimmed, IReadOnlyList<AuditFinding> Findings);
