using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Gates.Codes;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.Gates;

/// <summary>Whom a gate looks at.</summary>
/// <param name="Subject">The user's id or the decoy's key: what is counted against the limits, over all flows.</param>
/// <param name="Contacts">Null for a decoy, which holds nothing of its own.</param>
/// <param name="HasRole">Works at the desk.</param>
/// <param name="DrawnQuestions">Those that a decoy seems to have answered, as <see cref="GateHolding.Questions"/>.</param>
internal sealed record GatePerson(
    TenantId Tenant,
    string Subject,
    ContactData? Contacts,
    bool HasRole = false,
    string? DrawnQuestions = null
)
{
    public bool IsDecoy => Contacts is null;

    /// <param name="user">Null for a decoy, and for a user who is gone.</param>
    public static GatePerson Of(TenantId tenant, string subject, User? user) =>
        new(tenant, subject, user?.ToContactData(), user is { Role: not Role.User });
}

/// <summary>Who stands before a gate, in which flow.</summary>
/// <param name="UserId">As the person typed it, normalised: two accounts may share one mailbox, and a message says which of them it means.</param>
/// <param name="TenantName">As the person knows it; it stands in messages.</param>
/// <param name="Helpdesk">The tenant's helpdesk as text, such as a phone number; it stands in messages.</param>
/// <param name="Flow">The flow's number; what is begun in it works in it alone (H25, H41).</param>
/// <param name="FlowEnds">Nothing that was begun outlives its flow.</param>
/// <param name="Caller">From where the flow was begun.</param>
/// <param name="Purpose">What is proved; a message says it.</param>
internal sealed record GateSubject(
    GatePerson Person,
    string UserId,
    string TenantName,
    string Helpdesk,
    long Flow,
    DateTimeOffset FlowEnds,
    Caller Caller,
    CodePurpose Purpose = CodePurpose.Flow
);
