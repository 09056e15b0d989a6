using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Gates;
using PortalApp.Tenants;

namespace PortalApp.Policy;

/// <summary>A tenant's policy as it was published; never changed. The newest version holds.</summary>
internal sealed class PolicyVersion
{
    public TenantId Tenant { get; init; }

    /// <summary>From 1, without a gap.</summary>
    public int Number { get; init; }
    public required Actor By { get; init; }
    public DateTimeOffset At { get; init; }
    public AudienceKind Audience { get; init; }

    /// <summary>Of <see cref="AudienceKind.Groups"/>, else empty.</summary>
    public required IReadOnlyList<string> Groups { get; init; }
    public int Gates { get; init; }
    public required IReadOnlyList<GateMethod> Methods { get; init; }

    public PolicyTerms Terms =>
        new(
            Audience switch
            {
                AudienceKind.Nobody => new PolicyAudience.Nobody(),
                AudienceKind.Everyone => new PolicyAudience.Everyone(),
                AudienceKind.Groups => new PolicyAudience.Groups(Groups),
                _ => throw new UnreachableException(),
            },
            Gates,
            [.. Methods]
        );

    public static PolicyVersion Of(TenantId tenant, int number, PolicyTerms terms, Actor by, DateTimeOffset at) =>
        new()
        {
            Tenant = tenant,
            Number = number,
            By = by,
            At = at,
            Audience = terms.ForWhom switch
            {
                PolicyAudience.Nobody => AudienceKind.Nobody,
                PolicyAudience.Everyone => AudienceKind.Everyone,
                PolicyAudience.Groups => AudienceKind.Groups,
                _ => throw new UnreachableException("What holds for a flow alone is not published."),
            },
            Groups = terms.ForWhom is PolicyAudience.Groups { Names: var names } ? names : [],
            Gates = terms.Gates,
            Methods = [.. terms.Methods],
        };

    /// <summary>Stored by number: never renumber.</summary>
    internal enum AudienceKind
    {
        Nobody = 0,
        Everyone = 1,
        Groups = 2,
    }
}

internal sealed class PolicyTables : IEntityTypeConfiguration<PolicyVersion>
{
    public void Configure(EntityTypeBuilder<PolicyVersion> builder)
    {
        builder.HasKey(p => new { p.Tenant, p.Number });
        builder.Property(p => p.Number).ValueGeneratedNever();
        builder.Property(p => p.By).HasConversion<ActorText>();
        builder.PrimitiveCollection(p => p.Groups);
        builder.PrimitiveCollection(p => p.Methods);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(p => p.Tenant);
        foreach (var column in builder.Metadata.GetProperties())
        {
            column.SetAfterSaveBehavior(PropertySaveBehavior.Throw);
        }
    }
}
