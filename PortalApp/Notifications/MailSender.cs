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

    internal async Task<int> WorkAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var due = await db.Set<OutgoingMail>()
            .Where(m => m.EndedAt == null && m.NotBefore <= now)
            .OrderBy(m => m.Id)
            .Take(Batch)
            .ToListAsync(ct);
        foreach (var mail in due)
        {
            await HandleAsync(mail, now, ct);
            await db.SaveChangesAsync(ct);
        }

        return due.Count;
    }

    private async Task HandleAsync(OutgoingMail mail, DateTimeOffset now, CancellationToken ct)
    {
        var content = queue.Open(mail.Content!);
        if (mail.ExpiresAt <= now)
        {
            logger.MailExpired(mail.Id, mail.Tenant);
            End(mail);
            return;
        }

        try
        {
            if (mail.Deliver)
            {
                await carrier.CarryAsync(content, ct);
            }

            End(mail);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            mail.Tries++;
            var wait = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, 2 * Math.Pow(2, Math.Min(mail.Tries, 16))));
            mail.NotBefore = now + wait;
            logger.MailFailed(mail.Id, mail.Tenant, mail.Tries, e.GetType().Name);
        }
    }

    private void End(OutgoingMail mail)
    {
        mail.Content = null;
        mail.EndedAt = clock.GetUtcNow();
    }
}
