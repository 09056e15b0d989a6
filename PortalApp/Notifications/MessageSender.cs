using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit.Tallies;
using PortalApp.Data;
using PortalApp.Tenants;

namespace PortalApp.Notifications;

/// <summary>
/// Takes a channel's waiting messages from the database, what ends first before the rest, and gives each to a free lane; decoys' like others, so that
/// nothing tells from the order whether a name has an account.
/// </summary>
internal sealed class MessageSender(
    MessageChannel channel,
    IDbContextFactory<PortalDb> databases,
    MessageQueue queue,
    MessageCarrier carrier,
    RefusedShare shares,
    AddressFaults faults,
    TallyStore tallies,
    TimeProvider clock,
    ILogger<MessageSender> logger
) : BackgroundService
{
    /// <summary>Until it is over no other portal tries.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private const int Batch = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly RecipientPace pace = new(carrier.LanesOf(channel));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        MessageLane[] lanes =
        [
            .. Enumerable
                .Range(0, carrier.LanesOf(channel))
                .Select(_ => new MessageLane(databases, queue, carrier.NewCourier(channel), pace, shares, faults, tallies, clock, logger)),
        ];
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await DispatchAsync(lanes, stoppingToken))
                {
                    await WaitAsync(lanes, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                logger.SenderFailed(e);
                await Task.Delay(Pause, clock, CancellationToken.None);
            }
        }

        foreach (var lane in lanes)
        {
            await lane.DisposeAsync();
        }
    }

    /// <summary>For a new message, a lane that is free again, or a moment.</summary>
    private async Task WaitAsync(MessageLane[] lanes, CancellationToken cancellation)
    {
        foreach (var lane in lanes)
        {
            await lane.TidyAsync();
        }

        using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var busy = lanes.Where(l => !l.IsFree).Select(l => l.Work);
        await Task.WhenAny([queue.WaitAsync(channel, Pause, rest.Token), .. busy]);
        await rest.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    /// <returns>Whether a message was begun or ended.</returns>
    private async Task<bool> DispatchAsync(MessageLane[] lanes, CancellationToken cancellation)
    {
        var free = new Queue<MessageLane>(lanes.Where(l => l.IsFree));
        if (free.Count == 0)
        {
            return false;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = clock.GetUtcNow();
        var due = await db.Set<OutgoingMessage>()
            .AsNoTracking()
            .Where(m => m.EndedAt == null && m.NotBefore <= now && m.Channel == channel)
            .OrderBy(m => m.ExpiresAt)
            .ThenBy(m => m.Id)
            .Take(Batch)
            .ToListAsync(cancellation);
        List<long> later = [];
        var moved = false;
        var senders = await SendersAsync(db, due, cancellation);
        foreach (var message in due.TakeWhile(_ => free.Count > 0))
        {
            if (Open(message, senders) is not { } content)
            {
                moved |= await queue.EndAsync(db, message) == 1;
                continue;
            }

            var route = carrier.RouteOf(channel, content.To);
            if (!pace.TryBegin(route))
            {
                later.Add(message.Id);
            }
            else if (await TakeAsync(db, message, cancellation))
            {
                free.Dequeue().Start(message, content, route, cancellation);
                moved = true;
            }
            else
            {
                pace.End(route, null, message.Deliver);
            }
        }

        await PutOffAsync(db, later, now, cancellation);
        return moved;
    }

    /// <summary>What waits for a domain's lane makes room for the others in the next look, unless another portal has taken it since <paramref name="now"/>.</summary>
    internal static async Task PutOffAsync(PortalDb db, List<long> later, DateTimeOffset now, CancellationToken cancellation)
    {
        if (later.Count > 0)
        {
            var until = now + Pause;
            await db.Set<OutgoingMessage>()
                .Where(m => later.Contains(m.Id) && m.EndedAt == null && m.NotBefore <= now)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.NotBefore, until), cancellation);
        }
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

    /// <summary>As whom the tenants' mails come, where they say so.</summary>
    private static async Task<Dictionary<TenantId, string>> SendersAsync(
        PortalDb db,
        List<OutgoingMessage> due,
        CancellationToken cancellation
    )
    {
        TenantId[] tenants = [.. due.Select(m => m.Tenant).Distinct()];
        return tenants.Length == 0
            ? []
            : await db.Set<Tenant>()
                .Where(t => tenants.Contains(t.Id) && t.SenderName != null)
                .ToDictionaryAsync(t => t.Id, t => t.SenderName!, cancellation);
    }

    private MessageContent? Open(OutgoingMessage message, Dictionary<TenantId, string> senders)
    {
        try
        {
            return queue.Open(message) with { From = senders.GetValueOrDefault(message.Tenant) };
        }
        catch (CryptographicException)
        {
            logger.MessageUnreadable(message.Id, message.Tenant);
            return null;
        }
    }
}
