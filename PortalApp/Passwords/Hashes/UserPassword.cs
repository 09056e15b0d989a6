using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Passwords.Hashes;

/// <summary>The password of a person, as far as the portal can tell it by itself.</summary>
internal sealed class UserPassword
{
    public required string UserId { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>In the form of ASP.NET Core Identity, third version: PBKDF2 with its salt and rounds.</summary>
    public required string Hash { get; set; }
    public DateTimeOffset SetAt { get; set; }

    /// <summary>Somebody else set it: its owner chooses another before anything else.</summary>
    public bool IsTemporary { get; set; }

    /// <summary>
    /// Of a password that lives in the directory as well: its <c>pwdLastSet</c> as of which this is its hash. Null where it lives in the portal
    /// alone.
    /// </summary>
    public DateTimeOffset? DirectorySetAt { get; set; }
}

/// <summary>One that was in force before, so that it is not taken again; no more of them than the rules ask for.</summary>
internal sealed class EarlierPassword
{
    public long Id { get; set; }
    public required string UserId { get; set; }
    public TenantId Tenant { get; set; }
    public required string Hash { get; set; }
}

internal sealed class UserPasswordTables : IEntityTypeConfiguration<UserPassword>, IEntityTypeConfiguration<EarlierPassword>
{
    public void Configure(EntityTypeBuilder<EarlierPassword> builder)
    {
        builder.HasKey(p => p.Id);
        builder.HasIndex(p => p.UserId);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(p => p.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<UserPassword> builder)
    {
        builder.HasKey(p => p.UserId);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(p => p.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithOne().HasForeignKey<UserPassword>(p => p.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
