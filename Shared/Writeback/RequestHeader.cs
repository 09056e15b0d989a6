using Portal.Tenants;

namespace Portal.Writeback;

/// <summary>What every request has, of whatever kind. It keeps its form for good: by it an agent answers also a kind that it does not know.</summary>
/// <param name="Deadline">The row's, the message's and the grant's: 10–300 s after <paramref name="Issued"/>.</param>
public sealed record RequestHeader(RequestId Id, TenantId Tenant, DateTimeOffset Issued, DateTimeOffset Deadline);
