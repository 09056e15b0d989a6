using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;

namespace PortalApp.Gates.Codes;

/// <summary>A code that was sent (or, for a decoy, would have been).</summary>
internal sealed class OneTimeCode
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public CodePurpose Purpose { get; set; }

    /// <summary>The id of the flow, registration or check that it belongs to; it works there alone (H25, H41).</summary>
    public required string Owner { get; set; }

    /// <summary>The user's id, or the decoy's key: HMAC(decoy key, tenant, normalised name).</summary>
    public required string Subject { get; set; }
    public GateMethod Method { get; set; }

    /// <summary>HMAC(code key, purpose, owner, method, address, code).</summary>
    public required byte[] CodeMac { get; set; }

    /// <summary>The address when the code was sent, as HMAC: a changed address voids the code (H30).</summary>
    public required byte[] AddressMac { get; set; }
    public DateTimeOffset IssuedAt { get; set; }

    /// <summary>The buckets of all that it was counted for, in that order, with a space between; null once they got it back.</summary>
    public string? Counted { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Codes evaluated against it; five at most.</summary>
    public int Tries { get; set; }

    /// <summary>The code that was compared last, as <see cref="CodeMac"/>: sent again, by a reload, it costs no other try. Null before the first.</summary>
    public byte[]? LastTyped { get; set; }
    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>A newer code took its place (H38).</summary>
    public DateTimeOffset? ReplacedAt { get; set; }
}

internal sealed class CodeTables : IEntityTypeConfiguration<OneTimeCode>
{
    public void Configure(EntityTypeBuilder<OneTimeCode> builder)
    {
        builder.HasKey(c => c.Id);
        builder.HasIndex(c => new { c.Purpose, c.Owner });
        builder.HasIndex(c => c.ExpiresAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(c => c.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
