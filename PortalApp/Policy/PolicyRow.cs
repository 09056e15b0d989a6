using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Audit;

namespace PortalApp.Policy;

/// <summary>A tenant's policies as columns, with who set them and when.</summary>
internal abstract class PolicyRow
{
    public TenantId Tenant { get; init; }
    public required Actor By { get; init; }
    public DateTimeOffset At { get; init; }
    public required PolicyList List { get; init; }

    /// <summary>Of the default.</summary>
    public PolicyTerms Terms => List.Default;

    public static void Configure<T>(EntityTypeBuilder<T> builder)
        where T : PolicyRow
    {
        builder.Ignore(p => p.Terms);
        builder.Property(p => p.By).HasConversion<ActorText>();
        builder.Property(p => p.List).HasConversion<PolicyListText>();
    }
}
