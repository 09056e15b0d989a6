using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PortalApp.Audit;

/// <summary>What several may change: who did last, when, and a number by which of two who change it at once the second is told.</summary>
internal abstract class Revised
{
    /// <summary>Rises with each change.</summary>
    public long Revision { get; private set; }
    public Actor ChangedBy { get; private set; } = Actor.Portal;
    public DateTimeOffset ChangedAt { get; private set; }

    public void Revise(Actor by, DateTimeOffset at) => (Revision, ChangedBy, ChangedAt) = (Revision + 1, by, at);
}

internal static class RevisedColumns
{
    public static void IsRevised<T>(this EntityTypeBuilder<T> builder)
        where T : Revised
    {
        builder.Property(r => r.Revision).IsConcurrencyToken();
        builder.Property(r => r.ChangedBy).HasConversion<ActorText>();
    }
}
