using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Tenants;

namespace PortalApp.Users.Groups;

/// <summary>People of a tenant under one name: a directory's, matched by (tenant, connector, source anchor), or the portal's own.</summary>
internal sealed class Group : Revised
{
    public const int MaxName = 256;

    public long Id { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>Null for one of the portal's own.</summary>
    public string? Connector { get; set; }
    public string? SourceAnchor { get; set; }
    public required string Name { get; set; }

    /// <summary>Since when it is gone; what is left is a name, for policies that still speak of it. It comes back with the directory's.</summary>
    public DateTimeOffset? GoneAt { get; set; }
}

/// <summary>That a person is in a group; of a directory's group by whatever groups in between.</summary>
internal sealed class GroupMember
{
    public TenantId Tenant { get; set; }
    public long GroupId { get; set; }
    public required string UserId { get; set; }
}

/// <summary>That everybody of one group is in another, which is the portal's own.</summary>
internal sealed class GroupInGroup
{
    public TenantId Tenant { get; set; }
    public long OuterId { get; set; }
    public long InnerId { get; set; }
}

internal sealed class GroupTables
    : IEntityTypeConfiguration<Group>,
        IEntityTypeConfiguration<GroupMember>,
        IEntityTypeConfiguration<GroupInGroup>
{
    public void Configure(EntityTypeBuilder<Group> builder)
    {
        builder.HasKey(g => g.Id);
        builder
            .HasIndex(g => new
            {
                g.Tenant,
                g.Connector,
                g.SourceAnchor,
            })
            .IsUnique();
        builder.HasIndex(g => new { g.Tenant, g.Name });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(g => g.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.IsRevised();
    }

    public void Configure(EntityTypeBuilder<GroupMember> builder)
    {
        builder.HasKey(m => new { m.GroupId, m.UserId });
        builder.HasIndex(m => m.UserId);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(m => m.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Group>().WithMany().HasForeignKey(m => m.GroupId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(m => m.UserId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<GroupInGroup> builder)
    {
        builder.HasKey(n => new { n.OuterId, n.InnerId });
        builder.HasIndex(n => n.InnerId);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(n => n.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Group>().WithMany().HasForeignKey(n => n.OuterId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Group>().WithMany().HasForeignKey(n => n.InnerId).OnDelete(DeleteBehavior.Restrict);
    }
}
