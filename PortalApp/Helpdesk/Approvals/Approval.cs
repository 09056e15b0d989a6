using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Helpdesk.Approvals;

/// <summary>
/// That somebody asked for a second person's word before setting a person's temporary password, and what became of it. One for a person: what
/// was asked earlier makes room once it is over, and stands in the audit.
/// </summary>
internal sealed class Approval
{
    public required string UserId { get; set; }
    public TenantId Tenant { get; set; }
    public required string AskerId { get; set; }
    public DateTimeOffset AskedAt { get; set; }
    public required string Reason { get; set; }

    /// <summary>Of the whole story: asked, approved, set.</summary>
    public required string Trace { get; set; }

    /// <summary>Who answered; null while nobody has.</summary>
    public string? AnswererId { get; set; }
    public bool IsApproved { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class ApprovalTable : IEntityTypeConfiguration<Approval>
{
    public void Configure(EntityTypeBuilder<Approval> builder)
    {
        builder.HasKey(a => a.UserId);
        builder.HasIndex(a => new { a.Tenant, a.AskedAt });
        builder.HasIndex(a => a.AskedAt);
        builder.HasIndex(a => a.AskerId);
        builder.HasIndex(a => a.AnswererId);
        builder.HasOne<User>().WithMany().HasForeignKey(a => a.UserId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(a => a.AskerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(a => a.AnswererId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(a => a.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
