using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.SignIn.Attempts;

/// <summary>What an attempt leads to. Stored by number: never renumber.</summary>
internal enum AttemptPurpose
{
    SignIn = 1,

    /// <summary>By a one-time link: a password and, for who has a role, a second factor are set up.</summary>
    SetUp = 2,
}

/// <summary>Where an attempt stands; computed, never stored.</summary>
internal enum AttemptStage
{
    Password,

    /// <summary>Right, and another one has to be chosen before anything else.</summary>
    PasswordDue,

    /// <summary>Proved elsewhere: at the provider of the name's domain.</summary>
    Provider,
    SecondFactor,

    /// <summary>The role wants a second factor, and there is none: only a one-time link helps.</summary>
    NoSecondFactor,
    NewPassword,
    NewAuthenticator,
    Done,
}

/// <summary>One walk through the sign-in, whether or not the name has an account: the same rows for both.</summary>
internal sealed class Attempt
{
    public long Id { get; set; }

    /// <summary>Null for a name in no tenant's domain.</summary>
    public TenantId? Tenant { get; set; }

    /// <summary>SHA-256 of the key in the cookie.</summary>
    public required byte[] KeyHash { get; set; }
    public AttemptPurpose Purpose { get; set; }

    /// <summary>By what failures are counted: the user's id, or a keyed hash of the name.</summary>
    public required string Subject { get; set; }

    /// <summary>Null where there is no account.</summary>
    public string? UserId { get; set; }

    /// <summary>As it is shown back, normalised.</summary>
    public required string UserPrincipalName { get; set; }
    public required string Network { get; set; }
    public Familiarity Familiarity { get; set; }
    public required byte[] Browser { get; set; }

    /// <summary>The password was proved, or set; or the domain's provider said who it is.</summary>
    public DateTimeOffset? PasswordAt { get; set; }

    /// <summary>The password was right, and good for nothing until its owner has chosen another one.</summary>
    public PasswordState? Due { get; set; }

    /// <summary>The provider sent the browser back: it does so once.</summary>
    public DateTimeOffset? ReturnedAt { get; set; }

    /// <summary>The authenticator's secret that is being set up, wrapped.</summary>
    public byte[]? Secret { get; set; }
    public int KeyNumber { get; set; }

    /// <summary>Where the browser wanted to go.</summary>
    public string? Return { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class AttemptTables : IEntityTypeConfiguration<Attempt>
{
    public void Configure(EntityTypeBuilder<Attempt> builder)
    {
        builder.HasKey(a => a.Id);
        builder.HasIndex(a => a.KeyHash).IsUnique();
        builder.HasIndex(a => a.ExpiresAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(a => a.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(a => a.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
