using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Tenants;

namespace PortalApp.Notifications;

/// <summary>Why no message reaches an address. Stored by number: never renumber.</summary>
internal enum AddressFaultReason
{
    /// <summary>Such as a landline, which can be called.</summary>
    TakesNoTexts = 1,
    NotReached = 2,
}

/// <summary>What who carries messages said of an address, so that nothing more is sent there for a while and the person is told.</summary>
internal sealed class AddressFault
{
    public TenantId Tenant { get; set; }

    /// <summary>As <see cref="OutgoingMessage.Recipient"/>.</summary>
    public required string Recipient { get; set; }
    public AddressFaultReason Reason { get; set; }
    public DateTimeOffset At { get; set; }
}

internal sealed class AddressFaultTables : IEntityTypeConfiguration<AddressFault>
{
    public void Configure(EntityTypeBuilder<AddressFault> builder)
    {
        builder.HasKey(f => new { f.Tenant, f.Recipient });
        builder.HasIndex(f => f.At);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(f => f.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>Told of each fault that is kept.</summary>
/// <param name="recipient">As <see cref="OutgoingMessage.Recipient"/>.</param>
internal delegate Task AddressFaulted(TenantId tenant, string recipient);

/// <summary>Keeps <see cref="AddressFault"/>s; a decoy's like others.</summary>
internal sealed class AddressFaults(IDbContextFactory<PortalDb> databases, IEnumerable<AddressFaulted> told, TimeProvider clock)
{
    /// <summary>Then it is tried anew: a number may have moved to another phone.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    public async Task<AddressFaultReason?> OfAsync(TenantId tenant, string recipient, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var since = clock.GetUtcNow() - Remembered;
        return await db.Set<AddressFault>()
            .Where(f => f.Tenant == tenant && f.Recipient == recipient && f.At > since)
            .Select(f => (AddressFaultReason?)f.Reason)
            .FirstOrDefaultAsync(cancellation);
    }

    public async Task KeepAsync(TenantId tenant, string recipient, AddressFaultReason reason)
    {
        await using var db = await databases.CreateDbContextAsync();
        var now = clock.GetUtcNow();
        await db.Set<AddressFault>().Where(f => f.Tenant == tenant && f.Recipient == recipient).ExecuteDeleteAsync();
        db.Add(
            new AddressFault
            {
                Tenant = tenant,
                Recipient = recipient,
                Reason = reason,
                At = now,
            }
        );
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateException)
        {
            // Another message to it said so at the same moment.
        }

        foreach (var tell in told)
        {
            await tell(tenant, recipient);
        }
    }
}
