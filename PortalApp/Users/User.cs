using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Contacts;
using Portal.DirectorySync;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Tenants;

namespace PortalApp.Users;

/// <summary>A person in a tenant. Matched by (tenant, connector, source anchor), never by name.</summary>
internal sealed class User : Revised
{
    /// <summary>The cloud anchor: given once.</summary>
    public required string Id { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>Null for a user whose password lives in the portal alone.</summary>
    public string? Connector { get; set; }
    public string? SourceAnchor { get; set; }

    /// <summary>In the form of <see cref="Portal.Tenants.UserPrincipalName"/>.</summary>
    public required string UserPrincipalName
    {
        get;
        set => (field, Domain) = (value, value[(value.LastIndexOf('@') + 1)..]);
    }

    /// <summary>Of the name; a column of its own, to be asked by.</summary>
    public string Domain { get; private set; } = "";
    public string? DisplayName { get; set; }
    public bool Licensed { get; set; } = true;

    /// <summary>The reset feature is on for this user (M20); says nothing of the directory's account.</summary>
    public bool ResetEnabled { get; set; } = true;

    /// <summary>Given by an administrator or the operator alone; no sync and no import touches it.</summary>
    public Role Role { get; set; }

    /// <summary>In which the person is written to, such as <c>nl</c>; null where none was chosen.</summary>
    public string? Language { get; set; }

    /// <summary>
    /// Since when the person is gone, or their name is another account's of their directory; null for everybody else. What is left is a tombstone
    /// by which the audit is read: nobody finds it by its name, and the name is free. It comes back when the directory tells of the account again.
    /// </summary>
    public DateTimeOffset? GoneAt { get; set; }

    /// <summary>When the person last confirmed their own data (M32); null before the first time.</summary>
    public DateTimeOffset? RegisteredAt { get; set; }

    /// <summary>When it was last asked that the person goes through their own data anew; null where it never was.</summary>
    public DateTimeOffset? RegistrationRequiredAt { get; set; }

    /// <summary>
    /// Since when the person says that what was done with their account was not them: until somebody who verified them lifts it, there is no
    /// reset, no change and no registration for them. Null for everybody else.
    /// </summary>
    public DateTimeOffset? DisputedAt { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The directory's <c>pwdLastSet</c> as of the last synchronisation; null where it has none, or an agent does not tell.</summary>
    public DateTimeOffset? DirectoryPasswordAt { get; set; }

    /// <summary>Null where an agent does not tell.</summary>
    public AccountShut? Shut { get; set; }

    /// <summary>The directory's <c>accountExpires</c>; null for never.</summary>
    public DateTimeOffset? AccountEndsAt { get; set; }
    public List<ContactValue> Contacts { get; } = [];

    /// <summary>Until the person has gone through their own data since it was asked.</summary>
    public bool MustRegisterAgain => RegistrationRequiredAt is { } asked && !(RegisteredAt > asked);

    /// <summary>Whether the directory's account lets anybody in with the password alone, as far as is known.</summary>
    public bool LetsIn(DateTimeOffset now) => GoneAt is null && Shut is null or AccountShut.No && !(AccountEndsAt <= now);

    /// <summary>Leaves a tombstone: nothing of it is inherited by whoever gets the name (H32).</summary>
    public void LetGo(Actor by, DateTimeOffset now)
    {
        Contacts.Clear();
        (GoneAt, RegisteredAt, RegistrationRequiredAt, DisputedAt, Role) = (GoneAt ?? now, null, null, null, Role.User);
        Revise(by, now);
    }
}

/// <summary>One contact value of a user, with who set it and when. Written by <see cref="ContactStore"/> alone.</summary>
internal sealed class ContactValue
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string UserId { get; set; }
    public ContactField Field { get; set; }

    /// <summary>0 but for <see cref="ContactField.AlternateEmailAddresses"/>, which are ordered.</summary>
    public int Position { get; set; }
    public required string Value { get; set; }
    public ContactSource Source { get; set; }
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Of a phone number a call to which pays nobody, by ISO 3166-1; null for all else.</summary>
    public string? Country { get; set; }

    /// <summary>It is a phone number that may take texts.</summary>
    public bool TakesTexts { get; set; }
}

internal sealed class UserTables : IEntityTypeConfiguration<User>, IEntityTypeConfiguration<ContactValue>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.HasKey(u => u.Id);
        builder.HasIndex(u => u.GoneAt).HasFilter("\"GoneAt\" IS NOT NULL");
        builder.HasIndex(u => new { u.Tenant, u.UserPrincipalName }).IsUnique().HasFilter("\"GoneAt\" IS NULL");
        builder
            .HasIndex(u => new
            {
                u.Tenant,
                u.DisplayName,
                u.UserPrincipalName,
                u.Id,
            })
            .HasFilter("\"GoneAt\" IS NULL");
        builder.HasIndex(u => u.Tenant, "IX_User_WithRole").HasFilter("\"Role\" <> 0 AND \"GoneAt\" IS NULL");
        builder
            .HasIndex(u => new
            {
                u.Tenant,
                u.Connector,
                u.SourceAnchor,
            })
            .IsUnique();
        builder
            .HasIndex(u => new
            {
                u.Tenant,
                u.Domain,
                u.Connector,
            })
            .HasFilter("\"GoneAt\" IS NULL");
        builder.HasMany(u => u.Contacts).WithOne().HasForeignKey(c => c.UserId);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(u => u.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.IsRevised();
    }

    public void Configure(EntityTypeBuilder<ContactValue> builder)
    {
        builder.HasKey(c => c.Id);
        // Who holds a method is counted by this alone.
        builder.HasIndex(c => new
        {
            c.Tenant,
            c.Field,
            c.UserId,
            c.Country,
            c.TakesTexts,
        });
        builder
            .HasIndex(c => new
            {
                c.UserId,
                c.Field,
                c.Position,
            })
            .IsUnique();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(c => c.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
