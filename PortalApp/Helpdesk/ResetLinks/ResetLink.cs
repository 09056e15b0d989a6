using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Helpdesk.ResetLinks;

/// <summary>The newest link by which somebody of the helpdesk had a person begin a reset; works once. One for a person: a new one voids it.</summary>
internal sealed class ResetLink
{
    public required string UserId { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>Who had it sent.</summary>
    public required string HelperId { get; set; }

    /// <summary>SHA-256 of the key in the link.</summary>
    public required byte[] KeyHash { get; set; }

    /// <summary>Of the story that began at the helpdesk; the flow goes on with it.</summary>
    public required string Trace { get; set; }
    public DateTimeOffset SentAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class ResetLinkTable : IEntityTypeConfiguration<ResetLink>
{
    public void Configure(EntityTypeBuilder<ResetLink> builder)
    {
        builder.HasKey(l => l.UserId);
        builder.HasIndex(l => l.KeyHash).IsUnique();
        builder.HasIndex(l => l.HelperId);
        builder.HasIndex(l => l.SentAt);
        builder.HasOne<User>().WithMany().HasForeignKey(l => l.UserId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(l => l.HelperId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(l => l.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
