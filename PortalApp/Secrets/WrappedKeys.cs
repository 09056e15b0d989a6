using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;

namespace PortalApp.Secrets;

/// <summary>A tenant's symmetric writeback key (M16b), wrapped by the master key. Each opening is audited.</summary>
internal sealed class WrappedTenantKey
{
    public TenantId Tenant { get; set; }

    /// <summary>From 1; the outer envelope's <c>kid</c>.</summary>
    public int Generation { get; set; }
    public required byte[] Wrapped { get; set; }

    /// <summary>Of the master key that wrapped it.</summary>
    public int KeyNumber { get; set; }
    public DateTimeOffset NotBefore { get; set; }
    public DateTimeOffset? NotAfter { get; set; }
}

/// <summary>A key of the portal itself (decoy key, code key, captcha key, …), wrapped by the master key.</summary>
internal sealed class WrappedPortalKey
{
    public required string Name { get; set; }
    public required byte[] Wrapped { get; set; }

    /// <summary>Of the master key that wrapped it.</summary>
    public int KeyNumber { get; set; }
}

internal sealed class SecretTables : IEntityTypeConfiguration<WrappedTenantKey>, IEntityTypeConfiguration<WrappedPortalKey>
{
    public void Configure(EntityTypeBuilder<WrappedTenantKey> builder) => builder.HasKey(k => new { k.Tenant, k.Generation });

    public void Configure(EntityTypeBuilder<WrappedPortalKey> builder) => builder.HasKey(k => k.Name);
}
