using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Authenticators.Passkeys;

/// <summary>A key pair of a person, of which we hold the public half (WebAuthn).</summary>
internal sealed class Passkey
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string UserId { get; set; }
    public AuthenticatorUse Use { get; set; }

    /// <summary>At most 1,023 bytes, given by the authenticator.</summary>
    public required byte[] CredentialId { get; set; }

    /// <summary>COSE.</summary>
    public required byte[] PublicKey { get; set; }

    /// <summary>As the person calls it, such as "Anna's phone".</summary>
    public required string Name { get; set; }

    /// <summary>The newest that was seen; 0 for an authenticator that does not count.</summary>
    public long SignCount { get; set; }
    public bool IsBackupEligible { get; set; }
    public bool IsBackedUp { get; set; }
    public DateTimeOffset AddedAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>A question to a passkey that was not answered yet: for one owner, such as a flow, and taken once.</summary>
internal sealed class PasskeyCeremony
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>Such as "flow/17"; one question each at a time, the same in every tab.</summary>
    public required string Owner { get; set; }

    /// <summary>What the browser is given: JSON.</summary>
    public required string Options { get; set; }

    /// <summary>What the answer is compared with: the challenge, among others.</summary>
    public required string State { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class PasskeyTables : IEntityTypeConfiguration<Passkey>, IEntityTypeConfiguration<PasskeyCeremony>
{
    public void Configure(EntityTypeBuilder<Passkey> builder)
    {
        builder.HasKey(p => p.Id);
        builder.HasIndex(p => p.CredentialId).IsUnique();
        builder.HasIndex(p => new { p.UserId, p.Use });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(p => p.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<PasskeyCeremony> builder)
    {
        builder.HasKey(c => c.Id);
        builder.HasIndex(c => c.Owner).IsUnique();
        builder.HasIndex(c => c.ExpiresAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(c => c.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
