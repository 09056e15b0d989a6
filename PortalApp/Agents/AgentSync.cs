using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Agents;
using Portal.DirectorySync;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Tenants;

namespace PortalApp.Agents;

/// <summary>How the synchronisation of one connector stands at one agent, as it told last, and which of its drops an administrator let go.</summary>
internal sealed class AgentSync
{
    public required string AgentId { get; set; }
    public required string Connector { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>When it told.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>A <see cref="SyncStanding"/>, JSON.</summary>
    public required string Told { get; set; }

    /// <summary>Of the drop that waits; null where none does.</summary>
    public string? Mark { get; set; }

    /// <summary>The mark that was let go last.</summary>
    public string? Released { get; set; }
    public Actor? ReleasedBy { get; set; }
    public DateTimeOffset? ReleasedAt { get; set; }

    /// <summary>Waits for an administrator, and not for the agent alone.</summary>
    public bool Waits => Mark is not null && Mark != Released;

    /// <summary>Null where another version of the portal wrote it and this one cannot read it: the next run tells it again.</summary>
    public SyncStanding? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<SyncStanding>(Told, WireJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed class AgentSyncTable : IEntityTypeConfiguration<AgentSync>
{
    public void Configure(EntityTypeBuilder<AgentSync> builder)
    {
        builder.HasKey(s => new { s.AgentId, s.Connector });
        builder.HasIndex(s => s.Tenant);
        builder.HasIndex(s => s.At);
        builder.Ignore(s => s.Waits);
        builder.Property(s => s.ReleasedBy).HasConversion<ActorText>();
        builder.HasOne<EnrolledAgent>().WithMany().HasForeignKey(s => s.AgentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(s => s.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
