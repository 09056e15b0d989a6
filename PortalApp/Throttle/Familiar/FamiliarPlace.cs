using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;

namespace PortalApp.Throttle.Familiar;

/// <summary>A browser or a network in which a person succeeded.</summary>
internal sealed class FamiliarPlace
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>The user's id.</summary>
    public required string Subject { get; set; }

    /// <summary>A keyed hash over the person and the browser's cookie, or the person and the network: of another person it is another one.</summary>
    public required byte[] Mac { get; set; }
    public DateTimeOffset SeenAt { get; set; }
}

internal sealed class FamiliarTables : IEntityTypeConfiguration<FamiliarPlace>
{
    public void Configure(EntityTypeBuilder<FamiliarPlace> builder)
    {
        builder.HasKey(p => p.Id);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(p => p.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder
            .HasIndex(p => new
            {
                p.Tenant,
                p.Subject,
                p.Mac,
            })
            .IsUnique();
        builder.HasIndex(p => p.SeenAt);
    }
}
