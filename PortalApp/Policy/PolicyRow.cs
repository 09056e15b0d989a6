using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Gates;

namespace PortalApp.Policy;

/// <summary>A policy's terms as columns, with who set them and when.</summary>
internal abstract class PolicyRow
{
    public TenantId Tenant { get; init; }
    public required Actor By { get; init; }
    public DateTimeOffset At { get; init; }
    public AudienceKind Audience { get; private init; }

    /// <summary>Of <see cref="AudienceKind.Groups"/>, else empty.</summary>
    public IReadOnlyList<string> Groups { get; private init; } = [];
    public int Gates { get; private init; }
    public IReadOnlyList<GateMethod> Methods { get; private init; } = [];

    public required PolicyTerms Terms
    {
        get => new(ForWhom, Gates, [.. Methods]);
        init
        {
            (Audience, Groups) = value.ForWhom switch
            {
                PolicyAudience.Nobody => (AudienceKind.Nobody, []),
                PolicyAudience.Everyone => (AudienceKind.Everyone, []),
                PolicyAudience.Groups { Names: var names } => (AudienceKind.Groups, names),
                _ => throw new UnreachableException("What holds for a flow alone is not published."),
            };
            (Gates, Methods) = (value.Gates, [.. value.Methods]);
        }
    }

    private PolicyAudience ForWhom =>
        Audience switch
        {
            AudienceKind.Nobody => new PolicyAudience.Nobody(),
            AudienceKind.Everyone => new PolicyAudience.Everyone(),
            AudienceKind.Groups => new PolicyAudience.Groups(Groups),
            _ => throw new UnreachableException(),
        };

    /// <summary>Stored by number: never renumber.</summary>
    internal enum AudienceKind
    {
        Nobody = 0,
        Everyone = 1,
        Groups = 2,
    }

    public static void Configure<T>(EntityTypeBuilder<T> builder)
        where T : PolicyRow
    {
        builder.Ignore(p => p.Terms);
        builder.Property(p => p.By).HasConversion<ActorText>();
        builder.PrimitiveCollection(p => p.Groups);
        builder.PrimitiveCollection(p => p.Methods);
    }
}
