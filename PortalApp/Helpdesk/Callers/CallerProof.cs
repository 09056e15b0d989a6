using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Helpdesk.Callers;

/// <summary>That whoever called somebody of the helpdesk has read them a code that was sent to the person.</summary>
internal sealed class CallerProof
{
    /// <summary>Whom the caller was proved to be.</summary>
    public required string UserId { get; set; }

    /// <summary>Who was called; it counts for nobody else.</summary>
    public required string HelperId { get; set; }
    public TenantId Tenant { get; set; }
    public DateTimeOffset ProvedAt { get; set; }
}

internal sealed class CallerProofTable : IEntityTypeConfiguration<CallerProof>
{
    public void Configure(EntityTypeBuilder<CallerProof> builder)
    {
        builder.HasKey(p => new { p.UserId, p.HelperId });
        builder.HasIndex(p => p.HelperId);
        builder.HasIndex(p => p.ProvedAt);
        builder.HasOne<User>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(p => p.HelperId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(p => p.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
