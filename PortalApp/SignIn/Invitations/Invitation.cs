using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.SignIn.Invitations;

/// <summary>A link that leads one person through setting up how they sign in; works once.</summary>
internal sealed class Invitation
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string UserId { get; set; }

    /// <summary>SHA-256 of the key in the link.</summary>
    public required byte[] KeyHash { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class InvitationTables : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.HasKey(i => i.Id);
        builder.HasIndex(i => i.KeyHash).IsUnique();
        builder.HasIndex(i => i.UserId);
        builder.HasIndex(i => i.ExpiresAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(i => i.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(i => i.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
