using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Audit;

namespace PortalApp.Tenants;

/// <summary>
/// A domain that a tenant says is its own and has not proved: nobody signs in or resets by it, and no other tenant is kept from proving the
/// same.
/// </summary>
internal sealed class DomainClaim
{
    private static readonly IdnMapping Dns = new();

    public required string Name { get; set; }
    public TenantId Tenant { get; set; }
    public PasswordManagement PasswordManagement { get; set; }

    /// <summary>128 random bits, base64url; the DNS is to hold them.</summary>
    public required string Token { get; set; }
    public required Actor By { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>Where the TXT record is to stand.</summary>
    public string RecordName => $"_portal-domain.{Dns.GetAscii(Name)}";

    /// <summary>What it is to say.</summary>
    public string RecordText => $"portal-domain={Token}";
}

internal sealed class DomainClaimTable : IEntityTypeConfiguration<DomainClaim>
{
    public void Configure(EntityTypeBuilder<DomainClaim> builder)
    {
        builder.HasKey(c => new { c.Tenant, c.Name });
        builder.HasIndex(c => c.At);
        builder.Ignore(c => c.RecordName);
        builder.Ignore(c => c.RecordText);
        builder.Property(c => c.By).HasConversion<ActorText>();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(c => c.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
