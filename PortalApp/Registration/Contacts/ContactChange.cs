using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Notifications;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Registration.Contacts;

/// <summary>
/// A phone or address that is to be somebody's own: typed, proved by a code that was sent there, and then kept at once or waiting until it
/// counts. Until then what was held before counts.
/// </summary>
internal sealed class ContactChange
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string UserId { get; set; }

    /// <summary><see cref="ContactField.AuthenticationPhone"/> or <see cref="ContactField.AuthenticationEmail"/>.</summary>
    public ContactField Field { get; set; }
    public required string Value { get; set; }

    /// <summary>By which its code goes.</summary>
    public MessageChannel Channel { get; set; } = MessageChannel.Email;

    /// <summary>Until then it can be proved.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Null before it is proved; from then on the row waits for this.</summary>
    public DateTimeOffset? CountsFrom { get; set; }
}

internal sealed class ContactChangeTable : IEntityTypeConfiguration<ContactChange>
{
    public void Configure(EntityTypeBuilder<ContactChange> builder)
    {
        builder.HasKey(c => c.Id);
        builder.HasIndex(c => new { c.UserId, c.Field });
        builder.HasIndex(c => c.CountsFrom);
        builder.HasIndex(c => c.ExpiresAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(c => c.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
