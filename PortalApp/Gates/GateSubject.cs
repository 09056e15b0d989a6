using Portal.Contacts;
using Portal.Tenants;

namespace PortalApp.Gates;

/// <summary>Who stands before a gate, in which flow.</summary>
/// <param name="TenantName">As the person knows it; it stands in the mail.</param>
/// <param name="Helpdesk">The tenant's helpdesk as text, such as a phone number; it stands in the mail.</param>
/// <param name="Flow">The flow's number; a code works in this flow alone (H25, H41).</param>
/// <param name="FlowEnds">No code outlives its flow.</param>
/// <param name="Subject">The user's id or the decoy's key: what is counted against the limits, over all flows.</param>
/// <param name="Contacts">Null for a decoy.</param>
/// <param name="DecoyMask">What a decoy shows, made by <see cref="EmailMask"/> from a domain drawn by keyed hash; not looked at for a real account.</param>
internal sealed record GateSubject(
    TenantId Tenant,
    string TenantName,
    string Helpdesk,
    long Flow,
    DateTimeOffset FlowEnds,
    string Subject,
    ContactData? Contacts,
    string DecoyMask
);
