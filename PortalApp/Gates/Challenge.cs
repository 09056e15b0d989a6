using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;

namespace PortalApp.Gates;

/// <summary>A code that was sent (or, for a decoy, would have been).</summary>
internal sealed class Challenge
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>The flow that it belongs to; a code works in that flow alone (H25, H41).</summary>
    public long Flow { get; set; }

    /// <summary>The user's id, or the decoy's key: HMAC(decoy key, tenant, normalised name).</summary>
    public required string Subject { get; set; }
    public GateMethod Method { get; set; }

    /// <summary>HMAC(code key, flow, method, address, code).</summary>
    public required byte[] CodeMac { get; set; }

    /// <summary>What the page shows of the address, such as •••@g•••.com.</summary>
    public required string Mask { get; set; }

    /// <summary>The address when the code was sent, as HMAC: a changed address voids the code (H30).</summary>
    public required byte[] AddressMac { get; set; }
    public DateTimeOffset IssuedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Codes evaluated against it; five at most.</summary>
    public int Tries { get; set; }
    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>A newer code took its place (H38).</summary>
    public DateTimeOffset? ReplacedAt { get; set; }
}

internal sealed class GateTables : IEntityTypeConfiguration<Challenge>
{
    public void Configure(EntityTypeBuilder<Challenge> builder)
    {
        builder.HasKey(c => c.Id);
        builder.HasIndex(c => c.Flow);
        builder.HasIndex(c => c.ExpiresAt);
    }
}
