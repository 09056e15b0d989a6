using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Tenants;

namespace PortalApp.Agents;

/// <summary>An enrolment code: ≥ 128 random bits, kept hashed, 15 minutes, once, one tenant.</summary>
internal sealed class EnrolmentCode
{
    /// <summary>By which it is spoken of; says nothing of the code.</summary>
    public long Id { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>SHA-256 of the code's normalised text.</summary>
    public required byte[] Hash { get; set; }
    public required Actor IssuedBy { get; set; }

    /// <summary>What it was issued for, in the issuer's words.</summary>
    public string? Note { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Whom it took in.</summary>
    public string? AgentId { get; set; }
}

internal sealed class EnrolmentCodeTable : IEntityTypeConfiguration<EnrolmentCode>
{
    public void Configure(EntityTypeBuilder<EnrolmentCode> builder)
    {
        builder.HasKey(c => c.Id);
        builder.Property(c => c.IssuedBy).HasConversion<ActorText>();
        builder.HasIndex(c => c.Hash).IsUnique();
        builder.HasIndex(c => c.ExpiresAt);
        builder.HasOne<EnrolledAgent>().WithMany().HasForeignKey(c => c.AgentId);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(c => c.Tenant);
    }
}
