using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Gates;
using PortalApp.Policy;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Throttle.Familiar;
using PortalApp.Users;

namespace PortalApp.PasswordReset.Flows;

/// <summary>One walk through the wizard, real or decoy: the same rows for both. Its stage is computed, never stored.</summary>
internal sealed class Flow
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>SHA-256 of the 256 random bits in the cookie; renewed at each passed gate.</summary>
    public required byte[] KeyHash { get; set; }
    public FlowPurpose Purpose { get; set; }

    /// <summary>The user's id, or the decoy's key.</summary>
    public required string Subject { get; set; }

    /// <summary>Null for a decoy.</summary>
    public string? UserId { get; set; }

    /// <summary>The name as it is shown back to the person, normalised.</summary>
    public required string UserPrincipalName { get; set; }

    /// <summary>The number of the version under which it began; see <see cref="PolicyStore.SinceAsync"/>.</summary>
    public int Policy { get; set; }
    public required string Network { get; set; }

    /// <summary>How well whoever began it was known there; browser and network that it was begun in.</summary>
    public Familiarity Familiarity { get; set; }

    /// <summary>Of the browser's cookie, by <see cref="FamiliarPlaces.BrowserMac"/>: where the reset succeeds it is familiar.</summary>
    public required byte[] Browser { get; set; }

    /// <summary>What a person reads to the helpdesk and every audit event of the flow carries: XXXX-XXXX.</summary>
    public required string Trace { get; set; }

    /// <summary>How the person was spoken to, such as "nl"; for what is written to them later.</summary>
    public required string Language { get; set; }

    /// <summary>What is held where there is no account, as <see cref="GateProfile.ToText"/>; drawn for every name alike, so that the row tells nothing.</summary>
    public required string Drawn { get; set; }

    /// <summary>In which groups somebody is who has what was drawn, so that the same policy holds; drawn for every name alike.</summary>
    public IReadOnlyList<long> DrawnGroups { get; set; } = [];

    /// <summary>What the person would be verified by next; counts only as long as they have it and it is not passed.</summary>
    public GateMethod? ChosenMethod { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The WritebackCheck's request, once all gates are passed.</summary>
    public string? CheckRequest { get; set; }

    /// <summary>The newest writing request.</summary>
    public string? ResetRequest { get; set; }

    /// <summary>Writing requests so far; ten at most (I7).</summary>
    public int Sets { get; set; }

    /// <summary>Set when the end was audited and the notice queued: once.</summary>
    public DateTimeOffset? EndedAt { get; set; }
    public List<PassedGate> PassedGates { get; } = [];
}

internal sealed class PassedGate
{
    public long Id { get; set; }
    public long FlowId { get; set; }
    public TenantId Tenant { get; set; }
    public GateMethod Method { get; set; }
    public DateTimeOffset PassedAt { get; set; }

    /// <summary>A keyed hash of what it was passed with: a change voids the gate (H30).</summary>
    public required byte[] Basis { get; set; }

    /// <summary>Spent by Applied or Unknown (I7).</summary>
    public DateTimeOffset? SpentAt { get; set; }
}

internal sealed class FlowTables : IEntityTypeConfiguration<Flow>, IEntityTypeConfiguration<PassedGate>
{
    public void Configure(EntityTypeBuilder<Flow> builder)
    {
        builder.HasKey(f => f.Id);
        builder.HasIndex(f => f.KeyHash).IsUnique();
        builder.PrimitiveCollection(f => f.DrawnGroups);
        builder.HasIndex(f => f.ExpiresAt);
        builder.HasIndex(f => new { f.Tenant, f.Trace });
        builder.HasIndex(f => new { f.Tenant, f.Subject });
        builder.HasMany(f => f.PassedGates).WithOne().HasForeignKey(g => g.FlowId);
        builder.HasOne<PolicyVersion>().WithMany().HasForeignKey(f => new { f.Tenant, f.Policy });
        builder.HasOne<User>().WithMany().HasForeignKey(f => f.UserId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<PassedGate> builder)
    {
        builder.HasKey(g => g.Id);
        builder.HasIndex(g => new { g.FlowId, g.Method }).IsUnique();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(g => g.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
