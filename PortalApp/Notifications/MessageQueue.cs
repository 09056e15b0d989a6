using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;

namespace PortalApp.Notifications;

/// <summary>What a message holds while it waits, wrapped.</summary>
/// <param name="To">An address of the message's channel.</param>
/// <param name="Subject">Null where the channel has none.</param>
/// <param name="From">The name before the portal's address; null for none.</param>
/// <param name="Language">In which a call is said, such as <c>nl</c>; null where nothing is said.</param>
/// <param name="Html">What a mail says, once more; null where it is text alone.</param>
internal sealed record MessageContent(
    string To,
    string? Subject,
    string Text,
    string? From = null,
    string? Language = null,
    string? Html = null
);

/// <summary>Puts messages, and decoys of messages, into the caller's transaction; the background sender takes them out.</summary>
internal sealed class MessageQueue(MasterKey master, TimeProvider clock)
{
    internal const string Purpose = "message";
    private readonly Dictionary<MessageChannel, Channel<bool>> nudges = Enum.GetValues<MessageChannel>()
        .ToDictionary(
            channel => channel,
            _ => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite })
        );

    /// <param name="recipient">As <see cref="OutgoingMessage.Recipient"/>.</param>
    /// <param name="deliver">False for a decoy's: same row, same work, dropped instead of sent.</param>
    public void Add(
        PortalDb db,
        TenantId tenant,
        MessageChannel channel,
        MessageContent content,
        DateTimeOffset expiresAt,
        bool deliver = true,
        string? recipient = null
    )
    {
        var now = clock.GetUtcNow();
        var clean = content with { To = content.To.OnOneLine(), Subject = content.Subject?.OnOneLine() };
        var (wrapped, number) = master.Wrap(Purpose, JsonSerializer.SerializeToUtf8Bytes(clean));
        db.Add(
            new OutgoingMessage
            {
                Tenant = tenant,
                Channel = channel,
                Recipient = recipient,
                Content = wrapped,
                KeyNumber = number,
                Deliver = deliver,
                CreatedAt = now,
                NotBefore = now,
                ExpiresAt = expiresAt,
            }
        );
    }

    /// <summary>After the commit: the senders look at once.</summary>
    public void Wake()
    {
        foreach (var sender in nudges.Values)
        {
            sender.Writer.TryWrite(true);
        }
    }

    /// <summary>Sent or dropped: its content is erased (H43).</summary>
    internal Task<int> EndAsync(PortalDb db, OutgoingMessage message)
    {
        var now = clock.GetUtcNow();
        return db.Set<OutgoingMessage>()
            .Where(m => m.Id == message.Id && m.Tenant == message.Tenant && m.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Content, (byte[]?)null).SetProperty(m => m.EndedAt, now));
    }

    internal async Task WaitAsync(MessageChannel channel, TimeSpan atMost, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(atMost);
        try
        {
            await nudges[channel].Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested) { }
    }

    /// <summary>One that is sent or dropped meanwhile has no content any more, and gets none.</summary>
    internal static async Task<int> RewrapAsync(PortalDb db, MasterKey master, CancellationToken cancellation)
    {
        var newest = master.Number;
        var rows = await db.Set<OutgoingMessage>()
            .AsNoTracking()
            .Where(m => m.Content != null && m.KeyNumber != newest)
            .OrderBy(m => m.Id)
            .Take(WrappedRows.AtOnce)
            .ToListAsync(cancellation);
        foreach (var row in rows)
        {
            var (wrapped, number) = master.Wrap(Purpose, master.Unwrap(Purpose, row.KeyNumber, row.Content));
            await db.Set<OutgoingMessage>()
                .Where(m => m.Id == row.Id && m.Content != null && m.KeyNumber == row.KeyNumber)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.Content, wrapped).SetProperty(m => m.KeyNumber, number), cancellation);
        }

        return rows.Count;
    }

    internal MessageContent Open(OutgoingMessage message) =>
        JsonSerializer.Deserialize<MessageContent>(master.Unwrap(Purpose, message.KeyNumber, message.Content))!;
}
