using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;

namespace PortalApp.Gates.Answers;

/// <summary>What was answered last to a gate of a flow, real or decoy: sent again, by a reload, it is not compared again.</summary>
internal sealed class LastAnswer
{
    public TenantId Tenant { get; set; }
    public long Flow { get; set; }
    public GateMethod Method { get; set; }

    /// <summary>HMAC(code key, flow, method, answer).</summary>
    public required byte[] Mac { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class LastAnswerTable : IEntityTypeConfiguration<LastAnswer>
{
    public void Configure(EntityTypeBuilder<LastAnswer> builder)
    {
        builder.HasKey(a => new { a.Flow, a.Method });
        builder.HasIndex(a => a.ExpiresAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(a => a.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
