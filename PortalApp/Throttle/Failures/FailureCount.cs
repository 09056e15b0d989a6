using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;

namespace PortalApp.Throttle.Failures;

/// <summary>How often in a row somebody failed to prove that they are a person, whatever was asked and from where.</summary>
internal sealed class FailureCount
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>The user's id, or the decoy's key.</summary>
    public required string Subject { get; set; }

    /// <summary>Answers compared since the last success or lift; a right one that was not yet all that is asked for is among them.</summary>
    public int Total { get; set; }

    /// <summary>Of those, from where the person was never seen to succeed.</summary>
    public int OfStrangers { get; set; }

    /// <summary>Grows with each success and lift: what is counted for the person from one place begins anew with it.</summary>
    public int Series { get; set; }
    public DateTimeOffset LastAt { get; set; }
}

internal sealed class FailureTables : IEntityTypeConfiguration<FailureCount>
{
    public void Configure(EntityTypeBuilder<FailureCount> builder)
    {
        builder.HasKey(f => f.Id);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(f => f.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(f => new { f.Tenant, f.Subject }).IsUnique();
        builder.HasIndex(f => f.LastAt);
    }
}
