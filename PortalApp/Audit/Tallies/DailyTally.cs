using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;

namespace PortalApp.Audit.Tallies;

/// <summary>How often something happened on a day of UTC that is too common for an event of its own. Says nothing of anybody.</summary>
internal sealed class DailyTally
{
    public TenantId Tenant { get; set; }

    /// <summary>As <see cref="DateOnly.DayNumber"/>.</summary>
    public int Day { get; set; }
    public TallyKind Kind { get; set; }

    /// <summary>Such as the name of a method, or a country.</summary>
    public required string Of { get; set; }
    public long Count { get; set; }
}

/// <summary>Stored by number: never renumber.</summary>
internal enum TallyKind
{
    GatePassed = 1,
    GateFailed = 2,
    Texted = 3,
    Called = 4,
}

internal sealed class TallyTable : IEntityTypeConfiguration<DailyTally>
{
    public void Configure(EntityTypeBuilder<DailyTally> builder)
    {
        builder.HasKey(t => new
        {
            t.Tenant,
            t.Day,
            t.Kind,
            t.Of,
        });
        builder.HasIndex(t => t.Day);
    }
}
