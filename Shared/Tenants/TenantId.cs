using System.Globalization;

namespace Portal.Tenants;

/// <summary>A tenant's number: positive, given by the portal, never reused.</summary>
public readonly record struct TenantId(int Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
