using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Passwords.Hashes;

/// <summary>The password of a person whose password lives in the portal.</summary>
internal sealed class UserPassword
{
    public required string UserId { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>In the form of ASP.NET Core Identity, third version: PBKDF2 with its salt and rounds.</summary>
    public required string Hash { get; set; }
    public DateTimeOffset SetAt { get; set; }
}

internal sealed class UserPasswordTables : IEntityTypeConfiguration<UserPassword>
{
    public void Configure(EntityTypeBuilder<UserPassword> builder)
    {
        builder.HasKey(p => p.UserId);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(p => p.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithOne().HasForeignKey<UserPassword>(p => p.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
