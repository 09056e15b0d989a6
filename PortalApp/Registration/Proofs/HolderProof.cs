using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Gates;
using PortalApp.SignIn.Sessions;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Registration.Proofs;

/// <summary>That whoever is signed in also has what the person held before: asked for in one session, before anything of it is changed.</summary>
internal sealed class HolderProof
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string UserId { get; set; }
    public long Session { get; set; }

    /// <summary>What was chosen to prove it by.</summary>
    public GateMethod Method { get; set; }

    /// <summary>From then on nothing more can be proved by this row.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? ProvedAt { get; set; }

    /// <summary>What it was proved with, as <see cref="GateHolding.Basis"/>; null before.</summary>
    public byte[]? Basis { get; set; }
}

internal sealed class HolderProofTable : IEntityTypeConfiguration<HolderProof>
{
    public void Configure(EntityTypeBuilder<HolderProof> builder)
    {
        builder.HasKey(p => p.Id);
        builder.HasIndex(p => p.Session);
        builder.HasIndex(p => p.ExpiresAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(p => p.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Session>().WithMany().HasForeignKey(p => p.Session).OnDelete(DeleteBehavior.Cascade);
    }
}
