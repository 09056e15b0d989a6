using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.SignIn.Providers;

/// <summary>What came of the sign-in by which a provider was tried. Stored by number: never renumber.</summary>
internal enum TrialResult
{
    /// <summary>Somebody of the domain was signed in there: the provider may hold.</summary>
    Fits = 1,
    Denied = 2,
    Down = 3,

    /// <summary>The provider does not take the portal's id and secret.</summary>
    ClientRefused = 4,
    CodeRefused = 5,
    TokenRefused = 6,
    OtherProvider = 7,

    /// <summary>The provider says of nobody which user ID is theirs.</summary>
    NoName = 8,
    OtherDomain = 9,

    /// <summary>Nobody here has the name, or who has it is linked to another account there.</summary>
    Unknown = 10,
}

/// <summary>A provider that an administrator tries before it holds for a domain: nobody but them signs in there, and nothing comes of it here.</summary>
internal sealed class ProviderTrial
{
    public required string Domain { get; set; }
    public TenantId Tenant { get; set; }
    public required string Issuer { get; set; }
    public required string ClientId { get; set; }

    /// <summary>The client's, wrapped by the master key.</summary>
    public required byte[] Secret { get; set; }
    public int KeyNumber { get; set; }

    /// <summary>Who tries it; null until an administrator takes up what an operator wrote down.</summary>
    public string? UserId { get; set; }

    /// <summary>256 random bits, of one way there and back.</summary>
    public required byte[] Key { get; set; }
    public DateTimeOffset BegunAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The provider sent the browser back: it does so once.</summary>
    public DateTimeOffset? ReturnedAt { get; set; }
    public TrialResult? Result { get; set; }

    /// <summary>As whom the provider signed somebody in; null where it gives no name.</summary>
    public string? Name { get; set; }

    /// <summary>As it would hold.</summary>
    public DomainProvider Provider() =>
        new()
        {
            Domain = Domain,
            Tenant = Tenant,
            Issuer = Issuer,
            ClientId = ClientId,
            Secret = Secret,
            KeyNumber = KeyNumber,
        };
}

internal sealed class ProviderTrialTable : IEntityTypeConfiguration<ProviderTrial>
{
    public void Configure(EntityTypeBuilder<ProviderTrial> builder)
    {
        builder.HasKey(t => t.Domain);
        builder.HasIndex(t => t.ExpiresAt);
        builder.HasOne<Domain>().WithOne().HasForeignKey<ProviderTrial>(t => t.Domain).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(t => t.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
