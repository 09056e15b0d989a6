using Portal.Policy;
using Portal.Tenants;

namespace Portal.Writeback;

/// <summary>All that an agent acts on; travels sealed in an <see cref="Relay.Envelopes.Envelope"/> and nowhere else.</summary>
/// <param name="Anchor">Null for <see cref="RequestKind.Health"/> alone.</param>
/// <param name="Deadline">The row's, the message's and the grant's: 10–300 s after <paramref name="Issued"/>.</param>
/// <param name="Password">Present for <see cref="RequestKind.Reset"/>, <see cref="RequestKind.Change"/> and <see cref="RequestKind.AdministratorReset"/>.</param>
public sealed record WritebackRequest(
    RequestId Id,
    TenantId Tenant,
    CloudAnchor? Anchor,
    RequestKind Kind,
    DateTimeOffset Issued,
    DateTimeOffset Deadline,
    NewPassword? Password
);
