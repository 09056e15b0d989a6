using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Authenticators.RecoveryCodes;

/// <summary>A code that was written down for the day on which all else is lost; works once.</summary>
internal sealed class RecoveryCode
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string UserId { get; set; }
    public AuthenticatorUse Use { get; set; }

    /// <summary>HMAC(code key, use, user, code).</summary>
    public required byte[] Mac { get; set; }

    /// <summary>The same for all of a list; another list never has it.</summary>
    public required string List { get; set; }
    public DateTimeOffset MadeAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class RecoveryCodeTable : IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<RecoveryCode> builder)
    {
        builder.HasKey(c => c.Id);
        builder
            .HasIndex(c => new
            {
                c.UserId,
                c.Use,
                c.Mac,
            })
            .IsUnique();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(c => c.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
