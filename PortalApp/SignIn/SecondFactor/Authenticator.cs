using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.SignIn.SecondFactor;

/// <summary>An authenticator app (RFC 6238: SHA-1, six digits, thirty seconds) that a person has set up.</summary>
internal sealed class Authenticator
{
    public required string UserId { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>160 bits, wrapped by the master key.</summary>
    public required byte[] Secret { get; set; }
    public int KeyNumber { get; set; }

    /// <summary>The newest step that was used: it and those before it are not taken again (H47).</summary>
    public long LastStep { get; set; }
    public DateTimeOffset SetUpAt { get; set; }
}

/// <summary>A code that was written down for the day on which the authenticator is lost; works once.</summary>
internal sealed class RecoveryCode
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string UserId { get; set; }

    /// <summary>HMAC(code key, user, code).</summary>
    public required byte[] Mac { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class SecondFactorTables : IEntityTypeConfiguration<Authenticator>, IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<Authenticator> builder)
    {
        builder.HasKey(a => a.UserId);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(a => a.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithOne().HasForeignKey<Authenticator>(a => a.UserId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<RecoveryCode> builder)
    {
        builder.HasKey(c => c.Id);
        builder.HasIndex(c => new { c.UserId, c.Mac }).IsUnique();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(c => c.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
