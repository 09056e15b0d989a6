using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PortalApp.Throttle;

/// <summary>Something counted against a limit: a code sent to a subject, a flow begun from a network, …</summary>
internal sealed class ThrottleCount
{
    /// <summary>What is counted and for whom, hashed.</summary>
    public required string Bucket { get; set; }

    /// <summary>Start of the slice of the window in which it was counted.</summary>
    public DateTimeOffset Window { get; set; }
    public int Count { get; set; }

    /// <summary>From then on it counts for nothing.</summary>
    public DateTimeOffset Ends { get; set; }
}

internal sealed class ThrottleTables : IEntityTypeConfiguration<ThrottleCount>
{
    public void Configure(EntityTypeBuilder<ThrottleCount> builder)
    {
        builder.HasKey(t => new { t.Bucket, t.Window });
        builder.HasIndex(t => t.Ends);
    }
}
