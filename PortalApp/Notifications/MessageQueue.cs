using System.Text.Json;
using System.Threading.Channels;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;

namespace PortalApp.Notifications;

/// <summary>What a message holds while it waits, wrapped.</summary>
/// <param name="To">An address of the message's channel.</param>
/// <param name="Subject">Null where the channel has none.</param>
internal sealed record MessageContent(string To, string? Subject, string Text);

/// <summary>Puts messages, and decoys of messages, into the caller's transaction; the background sender takes them out.</summary>
internal sealed class MessageQueue(MasterKey master, TimeProvider clock)
{
    internal const string Purpose = "message";
    private readonly Channel<bool> nudges = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <param name="deliver">False for a decoy's: same row, same work, dropped instead of sent.</param>
    public void Add(
        PortalDb db,
        TenantId tenant,
        MessageChannel channel,
        MessageContent content,
        DateTimeOffset expiresAt,
        bool deliver = true
    )
    {
        var now = clock.GetUtcNow();
        var clean = content with { To = content.To.OnOneLine(), Subject = content.Subject?.OnOneLine() };
        db.Add(
            new OutgoingMessage
            {
                Tenant = tenant,
                Channel = channel,
                Content = master.Wrap(Purpose, JsonSerializer.SerializeToUtf8Bytes(clean)),
                KeyNumber = master.Number,
                Deliver = deliver,
                CreatedAt = now,
                NotBefore = now,
                ExpiresAt = expiresAt,
            }
        );
    }

    /// <summary>After the commit: the sender looks at once.</summary>
    public void Wake() => nudges.Writer.TryWrite(true);

    internal async Task WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(atMost);
        try
        {
            await nudges.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested) { }
    }

    internal MessageContent Open(OutgoingMessage message) =>
        JsonSerializer.Deserialize<MessageContent>(master.Unwrap(Purpose, message.KeyNumber, message.Content))!;
}
