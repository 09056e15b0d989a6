using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;

namespace PortalApp.Audit.Chain;

/// <summary>What an entry was when its tenant's chain took it in, each held to the one before. Written once, and never changed.</summary>
internal sealed class AuditSeal
{
    /// <summary>In the order of the sealing over all chains, from 1 without a gap.</summary>
    public long Position { get; set; }

    /// <summary>Null for the chain of what belongs to no tenant.</summary>
    public TenantId? Tenant { get; set; }

    /// <summary>In the chain, from 1 without a gap.</summary>
    public long Number { get; set; }

    /// <summary>The entry's id.</summary>
    public long Entry { get; set; }

    /// <summary>See <see cref="SealMac"/>.</summary>
    public required byte[] Mac { get; set; }
}

/// <summary>How far the audit is sealed and shipped, and which portal is at it: the one row.</summary>
internal sealed class AuditProgress
{
    public const int TheOne = 1;

    public int Id { get; set; }

    /// <summary>The portal that seals and ships, and until when no other does.</summary>
    public string? Holder { get; set; }
    public DateTimeOffset Until { get; set; }

    /// <summary>Every entry with this id or a lower one is sealed; of the later ones some may be.</summary>
    public long SealedThrough { get; set; }

    /// <summary>The position up to which the receiver has everything.</summary>
    public long ShippedThrough { get; set; }
}

internal sealed class ChainTables : IEntityTypeConfiguration<AuditSeal>, IEntityTypeConfiguration<AuditProgress>
{
    public void Configure(EntityTypeBuilder<AuditSeal> builder)
    {
        builder.HasKey(s => s.Position);
        builder.Property(s => s.Position).ValueGeneratedNever();
        builder.HasIndex(s => new { s.Tenant, s.Number }).IsUnique();
        builder.HasIndex(s => s.Entry).IsUnique();
    }

    public void Configure(EntityTypeBuilder<AuditProgress> builder)
    {
        builder.HasKey(p => p.Id);
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.HasData(new AuditProgress { Id = AuditProgress.TheOne });
    }
}
