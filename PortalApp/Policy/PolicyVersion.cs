using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PortalApp.Tenants;

namespace PortalApp.Policy;

/// <summary>A tenant's policies as they were published; never changed. The newest version holds.</summary>
internal sealed class PolicyVersion : PolicyRow
{
    /// <summary>From 1, without a gap.</summary>
    public int Number { get; init; }
}

/// <summary>What a tenant's administrators may publish later; holds for nobody. One a tenant.</summary>
internal sealed class PolicyDraft : PolicyRow
{
    /// <summary>The number of the version from which it was made.</summary>
    public int Over { get; init; }
}

internal sealed class PolicyTables : IEntityTypeConfiguration<PolicyVersion>, IEntityTypeConfiguration<PolicyDraft>
{
    public void Configure(EntityTypeBuilder<PolicyVersion> builder)
    {
        builder.HasKey(p => new { p.Tenant, p.Number });
        builder.Property(p => p.Number).ValueGeneratedNever();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(p => p.Tenant);
        PolicyRow.Configure(builder);
        foreach (var column in builder.Metadata.GetProperties())
        {
            column.SetAfterSaveBehavior(PropertySaveBehavior.Throw);
        }
    }

    public void Configure(EntityTypeBuilder<PolicyDraft> builder)
    {
        builder.HasKey(p => p.Tenant);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(p => p.Tenant);
        PolicyRow.Configure(builder);
    }
}
