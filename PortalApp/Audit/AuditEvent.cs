using Portal.Tenants;

namespace PortalApp.Audit;

/// <summary>What happened, to be written down. Holds no secret.</summary>
/// <param name="Tenant">Null where none could be named.</param>
internal sealed record AuditEvent(AuditEventId Id, TenantId? Tenant, Actor By)
{
    public AuditSubject? Subject { get; init; }

    /// <summary>The writeback request's id.</summary>
    public string? Request { get; init; }

    /// <summary>What a person reads to the helpdesk: XXXX-XXXX; the same from page to directory.</summary>
    public string? Trace { get; init; }

    /// <summary>How it ended, such as <c>Rejected</c>, and why, such as <c>InHistory</c>: the names that the code has for them.</summary>
    public string? Outcome { get; init; }
    public string? Reason { get; init; }

    /// <summary>The caller's network (/64, /24).</summary>
    public string? Network { get; init; }

    /// <summary>For whoever reads; the first 500 characters are kept, on one line.</summary>
    public string? Detail { get; init; }
}

/// <summary>To whom or what it happened.</summary>
internal sealed record AuditSubject(AuditSubjectKind Kind, string Id)
{
    /// <param name="id">The user's, or a decoy's key.</param>
    public static AuditSubject User(string id) => new(AuditSubjectKind.User, id);

    public static AuditSubject Agent(string id) => new(AuditSubjectKind.Agent, id);

    public static AuditSubject Tenant(TenantId id) => new(AuditSubjectKind.Tenant, id.ToString());

    public override string ToString() => $"{Kind} {Id}";
}

/// <summary>Stored by number: never renumber.</summary>
internal enum AuditSubjectKind
{
    User = 1,
    Agent = 2,
    Tenant = 3,
    Domain = 4,

    /// <summary>A version of the tenant's policy, by its number.</summary>
    Policy = 5,

    /// <summary>An object of a directory, by its source anchor.</summary>
    DirectoryObject = 6,

    /// <summary>By the number of its row.</summary>
    Group = 7,
}
