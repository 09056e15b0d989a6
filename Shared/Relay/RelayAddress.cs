using Portal.Tenants;

namespace Portal.Relay;

/// <summary>A tenant's own address at the relay; case matters.</summary>
public readonly record struct RelayAddress(string Value)
{
    public static RelayAddress Of(TenantId tenant) => new($"tenant-{tenant}/requests");

    public override string ToString() => Value;
}
