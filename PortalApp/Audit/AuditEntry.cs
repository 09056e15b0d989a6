using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;

namespace PortalApp.Audit;

/// <summary>One thing that happened, kept for the administrator. Holds no secret.</summary>
internal sealed class AuditEntry
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>Null where no tenant could be named.</summary>
    public TenantId? Tenant { get; set; }
    public AuditEventId Event { get; set; }

    /// <summary>The user's cloud anchor, the agent's id, or null.</summary>
    public string? Subject { get; set; }

    /// <summary>The writeback request's id; one trace from page to directory.</summary>
    public string? Request { get; set; }

    /// <summary>The caller's network (/64, /24), or null.</summary>
    public string? Network { get; set; }
    public string? Detail { get; set; }
}

internal sealed class AuditTables : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.HasKey(a => a.Id);
        builder.HasIndex(a => new { a.Tenant, a.At });
        builder.HasIndex(a => a.Request);
    }
}
