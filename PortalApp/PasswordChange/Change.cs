using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.PasswordChange;

/// <summary>What a change's end is told by, whenever it comes; added with its request.</summary>
internal sealed class Change
{
    /// <summary>The writeback request's id.</summary>
    public required string Request { get; set; }
    public TenantId Tenant { get; set; }
    public required string UserId { get; set; }

    /// <summary>By what wrong passwords of the person are counted.</summary>
    public required string Subject { get; set; }

    /// <summary>The number of the session that stays; null where a sign-in led here.</summary>
    public long? Session { get; set; }

    /// <summary>In which the person is written to.</summary>
    public required string Language { get; set; }
    public required string Network { get; set; }
    public DateTimeOffset AskedAt { get; set; }

    /// <summary>The person was written to: once, whatever evidence says later.</summary>
    public DateTimeOffset? ToldAt { get; set; }
}

internal sealed class ChangeTables : IEntityTypeConfiguration<Change>
{
    public void Configure(EntityTypeBuilder<Change> builder)
    {
        builder.HasKey(c => c.Request);
        builder.HasIndex(c => c.AskedAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(c => c.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
