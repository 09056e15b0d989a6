using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Notifications;

/// <summary>Carries one message at a time, over a connection of its own, and writes down what came of it.</summary>
internal sealed class MessageLane(
    IDbContextFactory<PortalDb> databases,
    MessageQueue queue,
    MessageCarrier carrier,
    RecipientPace pace,
    TimeProvider clock,
    ILogger logger
) : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>One try takes no longer; until <see cref="MessageSender.Lease"/> is over no other portal tries.</summary>
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(45);
    private readonly SmtpConnection connection = carrier.NewConnection();

    /// <summary>Of the message that it carries, or has carried.</summary>
    public Task Work { get; private set; } = Task.CompletedTask;

    public bool IsFree => Work.IsCompleted;

    /// <summary>Ends a connection that nothing was sent by for a while.</summary>
    public ValueTask TidyAsync() => IsFree && connection.IsIdle ? connection.DisposeAsync() : ValueTask.CompletedTask;

    /// <param name="domain">Of the recipient, counted by <see cref="RecipientPace"/>.</param>
    public void Start(OutgoingMessage message, MessageContent content, string domain, CancellationToken cancellation) =>
        Work = Task.Run(() => HandleAsync(message, content, domain, cancellation), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Work;
        await connection.DisposeAsync();
    }

    private async Task HandleAsync(OutgoingMessage message, MessageContent content, string domain, CancellationToken cancellation)
    {
        TimeSpan? took = null;
        try
        {
            if (message.ExpiresAt <= clock.GetUtcNow())
            {
                logger.MessageExpired(message.Id, message.Tenant);
            }
            else
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(OneTry);
                took = message.Deliver
                    ? await carrier.CarryAsync(connection, message.Channel, content, limit.Token)
                    : await carrier.PretendAsync(connection, pace.AsReal, limit.Token);
            }

            await EndAsync(message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The portal stops: the next start need not wait for the lease.
            await RetryAsync(message, message.Tries, TimeSpan.Zero);
        }
        catch (SmtpCommandException refused)
            when (refused is { ErrorCode: SmtpErrorCode.RecipientNotAccepted, StatusCode: >= (SmtpStatusCode)500 })
        {
            logger.RecipientRefused(message.Id, message.Tenant, (int)refused.StatusCode);
            await EndAsync(message);
        }
        catch (Exception e)
        {
            var tries = message.Tries + 1;
            logger.MessageFailed(message.Id, message.Tenant, tries, FaultOf(e));
            await RetryAsync(message, tries, WaitAfter(tries, message.ExpiresAt - message.CreatedAt));
        }
        finally
        {
            pace.End(domain, took, message.Deliver);
        }
    }

    /// <summary>Twice as long after each try, but never more than a tenth of the message's life: so a code is tried until its end.</summary>
    internal static TimeSpan WaitAfter(int tries, TimeSpan life)
    {
        var longest = Math.Min(LongestWait.TotalSeconds, life.TotalSeconds / 10);
        return TimeSpan.FromSeconds(Math.Min(longest, Math.Pow(2, Math.Min(tries, 16))));
    }

    /// <summary>Without the server's words, which may repeat the address.</summary>
    private static string FaultOf(Exception e) =>
        e switch
        {
            SmtpCommandException refused => $"{refused.ErrorCode}, SMTP status {(int)refused.StatusCode}",
            NoUnicodeAddressException => "the server takes no address in another script: it lacks SMTPUTF8",
            MailCertificateException untrusted => untrusted.Message,
            _ => e.GetType().Name,
        };

    private async Task RetryAsync(OutgoingMessage message, int tries, TimeSpan wait)
    {
        var due = clock.GetUtcNow() + wait;
        await using var db = await databases.CreateDbContextAsync();
        await Row(db, message).ExecuteUpdateAsync(set => set.SetProperty(m => m.NotBefore, due).SetProperty(m => m.Tries, tries));
    }

    private async Task EndAsync(OutgoingMessage message)
    {
        await using var db = await databases.CreateDbContextAsync();
        await queue.EndAsync(db, message);
    }

    private static IQueryable<OutgoingMessage> Row(PortalDb db, OutgoingMessage message) =>
        db.Set<OutgoingMessage>().Where(m => m.Id == message.Id && m.Tenant == message.Tenant);
}
