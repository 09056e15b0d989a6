using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;

namespace PortalApp.Agents;

/// <summary>An agent of a tenant; it may have several.</summary>
internal sealed class EnrolledAgent
{
    /// <summary>128 random bits; also the relay's SASL user name.</summary>
    public required string Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string Name { get; set; }

    /// <summary>SHA-256 of the agent's own relay secret (M11: no copy that the portal could use).</summary>
    public required byte[] RelaySecretHash { get; set; }
    public string? Version { get; set; }
    public DateTimeOffset EnrolledAt { get; set; }
    public DateTimeOffset? LastSeenAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    public List<AgentKey> Keys { get; } = [];
}

/// <summary>A public key of an agent, with its generation and validity.</summary>
internal sealed class AgentKey
{
    /// <summary>RFC 7638 thumbprint.</summary>
    public required string Kid { get; set; }
    public required string AgentId { get; set; }
    public TenantId Tenant { get; set; }
    public AgentKeyUse Use { get; set; }
    public int Generation { get; set; }

    /// <summary>Public JWK, P-256.</summary>
    public required string Jwk { get; set; }
    public DateTimeOffset NotBefore { get; set; }
    public DateTimeOffset? NotAfter { get; set; }
}

internal enum AgentKeyUse
{
    Encryption = 1,
    Signing = 2,
}

/// <summary>An enrolment code: ≥ 128 random bits, kept hashed, 15 minutes, once, one tenant.</summary>
internal sealed class EnrolmentCode
{
    /// <summary>SHA-256 of the code's normalised text.</summary>
    public required byte[] Hash { get; set; }
    public TenantId Tenant { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>A call token that was taken once (its <c>jti</c>), remembered until it expires.</summary>
internal sealed class SpentCall
{
    public required string TokenId { get; set; }
    public TenantId Tenant { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class AgentTables
    : IEntityTypeConfiguration<EnrolledAgent>,
        IEntityTypeConfiguration<AgentKey>,
        IEntityTypeConfiguration<EnrolmentCode>,
        IEntityTypeConfiguration<SpentCall>
{
    public void Configure(EntityTypeBuilder<EnrolledAgent> builder)
    {
        builder.HasKey(a => a.Id);
        builder.HasIndex(a => a.Tenant);
        builder.HasMany(a => a.Keys).WithOne().HasForeignKey(k => k.AgentId);
    }

    public void Configure(EntityTypeBuilder<AgentKey> builder)
    {
        builder.HasKey(k => k.Kid);
        builder.HasIndex(k => k.Tenant);
    }

    public void Configure(EntityTypeBuilder<EnrolmentCode> builder)
    {
        builder.HasKey(c => c.Hash);
        builder.HasIndex(c => c.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<SpentCall> builder)
    {
        builder.HasKey(s => s.TokenId);
        builder.HasIndex(s => s.ExpiresAt);
    }
}
