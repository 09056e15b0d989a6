using System.Text.Json;
using System.Threading.Channels;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;

namespace PortalApp.Notifications;

/// <summary>What a mail holds while it waits, wrapped.</summary>
internal sealed record MailContent(string To, string Subject, string Text);

/// <summary>Puts mails, and decoys of mails, into the caller's transaction; the background sender takes them out.</summary>
internal sealed class MailQueue(MasterKey master, TimeProvider clock)
{
    internal const string Purpose = "mail";
    private readonly Channel<bool> nudges = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <param name="deliver">False for a decoy's: same row, same work, dropped instead of sent.</param>
    public void Add(PortalDb db, TenantId tenant, string to, string subject, string text, bool deliver, DateTimeOffset expiresAt)
    {
        var now = clock.GetUtcNow();
        db.Add(
            new OutgoingMail
            {
                Tenant = tenant,
                Content = master.Wrap(
                    Purpose,
                    JsonSerializer.SerializeToUtf8Bytes(new MailContent(to.OnOneLine(), subject.OnOneLine(), text))
                ),
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

    internal MailContent Open(OutgoingMail mail) =>
        JsonSerializer.Deserialize<MailContent>(master.Unwrap(Purpose, mail.KeyNumber, mail.Content))!;
}
