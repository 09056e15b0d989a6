using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Authenticators.Apps;

/// <summary>An authenticator app (RFC 6238: SHA-1, six digits, thirty seconds) that a person has set up; one for each use.</summary>
internal sealed class AuthenticatorApp
{
    /// <summary>Another after each setting up: what was proved with the app before is told apart by it.</summary>
    public long Id { get; set; }
    public required string UserId { get; set; }
    public TenantId Tenant { get; set; }
    public AuthenticatorUse Use { get; set; }

    /// <summary>160 bits, wrapped by the master key.</summary>
    public required byte[] Secret { get; set; }
    public int KeyNumber { get; set; }

    /// <summary>The newest step that was used: it and those before it are not taken again.</summary>
    public long LastStep { get; set; }
    public DateTimeOffset SetUpAt { get; set; }

    /// <summary>Until then a reset does not take it: so long whoever did not set it up has to hear of it.</summary>
    public DateTimeOffset CountsFrom { get; set; }
}

internal sealed class AuthenticatorAppTable : IEntityTypeConfiguration<AuthenticatorApp>
{
    public void Configure(EntityTypeBuilder<AuthenticatorApp> builder)
    {
        builder.HasKey(a => a.Id);
        builder.HasIndex(a => new { a.UserId, a.Use }).IsUnique();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(a => a.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(a => a.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
