using System.Security.Cryptography;
using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Notifications;

/// <summary>Takes waiting messages from the database, one after the other, for all alike; retries until a message expires.</summary>
internal sealed class MessageSender(
    IDbContextFactory<PortalDb> databases,
    MessageQueue queue,
    MessageCarrier carrier,
    TimeProvider clock,
    ILogger<MessageSender> logger
) : BackgroundService
{
    private const int Batch = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>One try takes no longer; until <see cref="Lease"/> is over no other portal tries.</summary>
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await WorkAsync(stoppingToken) == 0)
                {
                    await queue.WaitAsync(Pause, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.SenderFailed(e);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    internal async Task<int> WorkAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var due = await db.Set<OutgoingMessage>()
            .Where(m => m.EndedAt == null && m.NotBefore <= now)
            .OrderBy(m => m.Id)
            .Take(Batch)
            .ToListAsync(cancellation);
        foreach (var message in due)
        {
            if (await TakeAsync(db, message, cancellation))
            {
                await HandleAsync(db, message, cancellation);
            }
        }

        return due.Count;
    }

    /// <summary>One statement decides which of several portals sends it; decoys are taken like others.</summary>
    private async Task<bool> TakeAsync(PortalDb db, OutgoingMessage message, CancellationToken cancellation)
    {
        var (due, until) = (message.NotBefore, clock.GetUtcNow() + Lease);
        var taken = await db.Set<OutgoingMessage>()
            .Where(m => m.Id == message.Id && m.Tenant == message.Tenant && m.EndedAt == null && m.NotBefore == due)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.NotBefore, until), cancellation);
        return taken == 1;
    }

    private async Task HandleAsync(PortalDb db, OutgoingMessage message, CancellationToken cancellation)
    {
        try
        {
            await SendOrDropAsync(message, cancellation);
            End(message);
        }
        catch (CryptographicException)
        {
            logger.MessageUnreadable(message.Id, message.Tenant);
            End(message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The portal stops: the next start need not wait for the lease.
            Retry(message, TimeSpan.Zero);
        }
        catch (Exception e)
        {
            message.Tries++;
            Retry(message, TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, Math.Min(message.Tries, 16)))));
            logger.MessageFailed(message.Id, message.Tenant, message.Tries, FaultOf(e));
        }

        await db.SaveChangesAsync(CancellationToken.None);
    }

    private async Task SendOrDropAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        var content = queue.Open(message);
        if (message.ExpiresAt <= clock.GetUtcNow())
        {
            logger.MessageExpired(message.Id, message.Tenant);
        }
        else if (message.Deliver)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(OneTry);
            await carrier.CarryAsync(message.Channel, content, limit.Token);
        }
    }

    /// <summary>Without the server's words, which may repeat the address.</summary>
    private static string FaultOf(Exception e) =>
        e switch
        {
            SmtpCommandException refused => $"{refused.ErrorCode}, SMTP status {(int)refused.StatusCode}",
            NoUnicodeAddressException => "the server takes no address in another script: it lacks SMTPUTF8",
            _ => e.GetType().Name,
        };

    private void Retry(OutgoingMessage message, TimeSpan wait) => message.NotBefore = clock.GetUtcNow() + wait;

    private void End(OutgoingMessage message)
    {
        message.Content = null;
        message.EndedAt = clock.GetUtcNow();
    }
}
