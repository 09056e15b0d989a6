using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.SignIn.Sessions;

/// <summary>Somebody who is signed in, in one browser. To end it is to delete the row.</summary>
internal sealed class Session
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string UserId { get; set; }

    /// <summary>SHA-256 of the key in the cookie.</summary>
    public required byte[] KeyHash { get; set; }
    public bool WithSecondFactor { get; set; }

    /// <summary>When who they are was last proved.</summary>
    public DateTimeOffset ProvedAt { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Of the last request, to the minute.</summary>
    public DateTimeOffset SeenAt { get; set; }
    public DateTimeOffset Until { get; set; }
    public required string Network { get; set; }
}

internal sealed class SessionTables : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.HasKey(s => s.Id);
        builder.HasIndex(s => s.KeyHash).IsUnique();
        builder.HasIndex(s => s.UserId);
        builder.HasIndex(s => s.Until);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(s => s.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
