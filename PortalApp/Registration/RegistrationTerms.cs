using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;

namespace PortalApp.Registration;

/// <summary>What a tenant asks of its people's registration. One without a row has the defaults.</summary>
internal sealed class RegistrationTerms
{
    public const int MostHours = 168;
    public const int MostDays = 730;
    public const int MostLater = 10;

    public TenantId Tenant { get; set; }

    /// <summary>
    /// From the proof of a new phone or address to the moment from which a reset takes it: the time in which the notice of it is read by whoever
    /// it was done to.
    /// </summary>
    public int WaitHours { get; set; } = 24;

    /// <summary>Whoever lacks a method is sent to the page after signing in.</summary>
    public bool AsksAtSignIn { get; set; }

    /// <summary>How often that may be put off.</summary>
    public int MayPutOff { get; set; } = 3;

    /// <summary>After how many days somebody is asked whether all is right still; 0 for never.</summary>
    public int AskAgainDays { get; set; } = 180;
}

internal sealed class RegistrationTermsTable : IEntityTypeConfiguration<RegistrationTerms>
{
    public void Configure(EntityTypeBuilder<RegistrationTerms> builder)
    {
        builder.HasKey(t => t.Tenant);
        builder.HasOne<Tenant>().WithOne().HasForeignKey<RegistrationTerms>(t => t.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
