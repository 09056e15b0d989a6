using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.SignIn.Providers;

/// <summary>The OpenID Connect provider at which a domain's people sign in.</summary>
internal sealed class DomainProvider
{
    public required string Domain { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>As the provider's metadata spell it: compared to the letter.</summary>
    public required string Issuer { get; set; }
    public required string ClientId { get; set; }

    /// <summary>The client's, wrapped by the master key.</summary>
    public required byte[] Secret { get; set; }
    public int KeyNumber { get; set; }
}

/// <summary>Who somebody is at a provider: for good, whatever the provider calls them later.</summary>
internal sealed class ProviderLink
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string Issuer { get; set; }

    /// <summary>The provider's <c>sub</c>.</summary>
    public required string Subject { get; set; }
    public required string UserId { get; set; }
    public DateTimeOffset LinkedAt { get; set; }
}

internal sealed class ProviderTables : IEntityTypeConfiguration<DomainProvider>, IEntityTypeConfiguration<ProviderLink>
{
    public void Configure(EntityTypeBuilder<DomainProvider> builder)
    {
        builder.HasKey(p => p.Domain);
        builder.HasOne<Domain>().WithOne().HasForeignKey<DomainProvider>(p => p.Domain).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(p => p.Tenant).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<ProviderLink> builder)
    {
        builder.HasKey(l => l.Id);
        builder
            .HasIndex(l => new
            {
                l.Tenant,
                l.Issuer,
                l.Subject,
            })
            .IsUnique();
        builder.HasIndex(l => new { l.UserId, l.Issuer }).IsUnique();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(l => l.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(l => l.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
