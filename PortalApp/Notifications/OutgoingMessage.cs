using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;

namespace PortalApp.Notifications;

/// <summary>The way that a message leaves by. Stored by number: never renumber.</summary>
internal enum MessageChannel
{
    Email = 1,
    Sms = 2,
    Call = 3,
}

/// <summary>A message that waits to be sent, or was. Its content is wrapped by the master key and erased once it is sent or dropped (H43).</summary>
internal sealed class OutgoingMessage
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public MessageChannel Channel { get; set; }

    /// <summary>Wrapped JSON {to, subject, text}; null once it left or was dropped.</summary>
    public byte[]? Content { get; set; }

    /// <summary>Of the master key that wrapped the content.</summary>
    public int KeyNumber { get; set; }

    /// <summary>64 hexadecimal digits of a keyed hash of whom it goes to and where, by which <see cref="AddressFault"/> knows it; null where nobody asks.</summary>
    public string? Recipient { get; set; }

    /// <summary>False for a decoy's: the row is written, worked through and dropped like any other.</summary>
    public bool Deliver { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>After it the message is dropped, not sent.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset NotBefore { get; set; }
    public int Tries { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
}

internal sealed class NotificationTables : IEntityTypeConfiguration<OutgoingMessage>
{
    public void Configure(EntityTypeBuilder<OutgoingMessage> builder)
    {
        builder.HasKey(m => m.Id);
        builder.HasIndex(m => new { m.EndedAt, m.NotBefore });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(m => m.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
