using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;

namespace PortalApp.Audit;

/// <summary>An <see cref="AuditEvent"/> as it is kept for the administrator.</summary>
internal sealed class AuditEntry
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }
    public TenantId? Tenant { get; set; }
    public AuditEventId Event { get; set; }
    public required Actor By { get; set; }
    public AuditSubjectKind? SubjectKind { get; set; }
    public string? Subject { get; set; }
    public string? Request { get; set; }
    public string? Trace { get; set; }
    public string? Outcome { get; set; }
    public string? Reason { get; set; }
    public string? Network { get; set; }
    public string? Detail { get; set; }

    public AuditEntry WithId(long id)
    {
        var copy = (AuditEntry)MemberwiseClone();
        copy.Id = id;
        return copy;
    }
}

internal sealed class AuditTables : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.HasKey(a => a.Id);
        builder.Property(a => a.By).HasConversion<ActorText>();
        builder.HasIndex(a => new { a.Tenant, a.At });
        builder.HasIndex(a => new { a.Tenant, a.Subject });
        builder.HasIndex(a => new
        {
            a.Tenant,
            a.Event,
            a.At,
        });
        // For the reports, which count each kind of end by this alone.
        builder.HasIndex(a => new
        {
            a.Tenant,
            a.Event,
            a.Outcome,
            a.Reason,
            a.At,
        });
        builder.HasIndex(a => new { a.Tenant, a.Trace });
        builder.HasIndex(a => a.Request);
    }
}
