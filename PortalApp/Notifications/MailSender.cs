using System.Security.Cryptography;
using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Notifications;

/// <summary>Takes waiting mails from the database, one after the other, for all alike; retries until a mail expires.</summary>
internal sealed class MailSender(
    IDbContextFactory<PortalDb> databases,
    MailQueue queue,
    MailCarrier carrier,
    TimeProvider clock,
    ILogger<MailSender> logger
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
        var due = await db.Set<OutgoingMail>()
            .Where(m => m.EndedAt == null && m.NotBefore <= now)
            .OrderBy(m => m.Id)
            .Take(Batch)
            .ToListAsync(cancellation);
        foreach (var mail in due)
        {
            if (await TakeAsync(db, mail, cancellation))
            {
                await HandleAsync(db, mail, cancellation);
            }
        }

        return due.Count;
    }

    /// <summary>One statement decides which of several portals sends it; decoys are taken like others.</summary>
    private async Task<bool> TakeAsync(PortalDb db, OutgoingMail mail, CancellationToken cancellation)
    {
        var (due, until) = (mail.NotBefore, clock.GetUtcNow() + Lease);
        var taken = await db.Set<OutgoingMail>()
            .Where(m => m.Id == mail.Id && m.Tenant == mail.Tenant && m.EndedAt == null && m.NotBefore == due)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.NotBefore, until), cancellation);
        return taken == 1;
    }

    private async Task HandleAsync(PortalDb db, OutgoingMail mail, CancellationToken cancellation)
    {
        try
        {
            await SendOrDropAsync(mail, cancellation);
            End(mail);
        }
        catch (CryptographicException)
        {
            logger.MailUnreadable(mail.Id, mail.Tenant);
            End(mail);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The portal stops: the next start need not wait for the lease.
            Retry(mail, TimeSpan.Zero);
        }
        catch (Exception e)
        {
            mail.Tries++;
            Retry(mail, TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, Math.Min(mail.Tries, 16)))));
            logger.MailFailed(mail.Id, mail.Tenant, mail.Tries, FaultOf(e));
        }

        await db.SaveChangesAsync(CancellationToken.None);
    }

    private async Task SendOrDropAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        var content = queue.Open(mail);
        if (mail.ExpiresAt <= clock.GetUtcNow())
        {
            logger.MailExpired(mail.Id, mail.Tenant);
        }
        else if (mail.Deliver)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(OneTry);
            await carrier.CarryAsync(content, limit.Token);
        }
    }

    /// <summary>Without the server's words, which may repeat the address.</summary>
    private static string FaultOf(Exception e) =>
        e is SmtpCommandException refused ? $"{refused.ErrorCode}, SMTP status {(int)refused.StatusCode}" : e.GetType().Name;

    private void Retry(OutgoingMail mail, TimeSpan wait) => mail.NotBefore = clock.GetUtcNow() + wait;

    private void End(OutgoingMail mail)
    {
        mail.Content = null;
        mail.EndedAt = clock.GetUtcNow();
    }
}
