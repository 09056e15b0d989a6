using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;

namespace PortalApp.Tenants;

internal sealed class Tenant
{
    public TenantId Id { get; set; }
    public required string Name { get; set; }

    /// <summary>In the form of M28; shown on every refusal.</summary>
    public required string HelpdeskPhone { get; set; }
    public string? HelpdeskEmail { get; set; }

    /// <summary>False closes the reset portal for the whole tenant.</summary>
    public bool ResetEnabled { get; set; } = true;

    /// <summary>1 or 2 (M21).</summary>
    public int GatesRequired { get; set; } = 1;

    /// <summary>Rises with each change of the policy; a flow remembers the one it began under.</summary>
    public int PolicyVersion { get; set; } = 1;
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A domain that belongs to one tenant alone; its name is lower case.</summary>
internal sealed class Domain
{
    public required string Name { get; set; }
    public TenantId Tenant { get; set; }
    public PasswordManagement PasswordManagement { get; set; }
}

internal sealed class TenantTables : IEntityTypeConfiguration<Tenant>, IEntityTypeConfiguration<Domain>
{
    public void Configure(EntityTypeBuilder<Tenant> builder)
    {
        builder.HasKey(t => t.Id);
        builder.Property(t => t.Id).ValueGeneratedOnAdd();
        builder.HasIndex(t => t.Name).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Domain> builder)
    {
        builder.HasKey(d => d.Name);
        builder.HasIndex(d => d.Tenant);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(d => d.Tenant);
    }
}
