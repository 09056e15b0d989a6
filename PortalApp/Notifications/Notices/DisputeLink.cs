using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Notifications.Notices;

/// <summary>The link of a notice by which whoever gets it says that what it tells of was not them; works once.</summary>
internal sealed class DisputeLink
{
    public const string Path = "/not-me";
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string UserId { get; set; }
    public NoticeKind Kind { get; set; }

    /// <summary>SHA-256 of the key in the link.</summary>
    public required byte[] KeyHash { get; set; }
    public DateTimeOffset SentAt { get; set; }

    /// <summary>Pressed, or voided with another one that was.</summary>
    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class DisputeLinkTable : IEntityTypeConfiguration<DisputeLink>
{
    public void Configure(EntityTypeBuilder<DisputeLink> builder)
    {
        builder.HasKey(l => l.Id);
        builder.HasIndex(l => l.KeyHash).IsUnique();
        builder.HasIndex(l => l.SentAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(l => l.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(l => l.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
