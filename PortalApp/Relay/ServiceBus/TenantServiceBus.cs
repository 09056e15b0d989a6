using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;

namespace PortalApp.Relay.ServiceBus;

/// <summary>A Service Bus of a tenant's own; without such a row the tenant's relay is the embedded one.</summary>
internal sealed class TenantServiceBus
{
    public TenantId Tenant { get; set; }

    /// <summary>Of the namespace.</summary>
    public required string Address { get; set; }

    /// <summary>The connection string that may send, wrapped by the master key.</summary>
    public required byte[] Wrapped { get; set; }

    /// <summary>Of the master key that wrapped it.</summary>
    public int KeyNumber { get; set; }
    public DateTimeOffset Since { get; set; }

    /// <summary>When an operator went back to the embedded relay; it is still sent to for the agents that do not know yet.</summary>
    public DateTimeOffset? LeftAt { get; set; }
}

internal sealed class TenantServiceBusTable : IEntityTypeConfiguration<TenantServiceBus>
{
    public void Configure(EntityTypeBuilder<TenantServiceBus> builder)
    {
        builder.HasKey(b => b.Tenant);
        builder.Property(b => b.Tenant).ValueGeneratedNever();
        builder.HasOne<Tenant>().WithOne().HasForeignKey<TenantServiceBus>(b => b.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
