using System.Diagnostics;
using Agent.Enrolment;
using Agent.Portal;
using Agent.Writeback;
using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.Relay.Envelopes;
using Portal.Writeback;

namespace Agent.Relay;

/// <summary>Opens what the relay hands over, drops what is forged or late, and settles each message once it was dealt with.</summary>
internal sealed class RequestIntake(
    TenantKeyRing ring,
    WritebackHandler handler,
    PortalClient portal,
    TimeProvider clock,
    ILogger<RequestIntake> logger
)
{
    /// <summary>Two machines' clocks: only what is later than this is surely late. The grant decides about the rest.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AlarmPause = TimeSpan.FromMinutes(1);

    /// <summary>A lost connection brings a request a second time. This often it is a relay that loses its locks, or somebody who sends it again.</summary>
    private const int Often = 4;

    private readonly Redeliveries redeliveries = new(clock);
    private readonly Dictionary<AlarmKind, DateTimeOffset> alarms = [];
    private readonly Lock turn = new();

    /// <summary>Returns when the message is settled; several may be in work at the same time.</summary>
    public async Task TakeAsync(RelayDelivery delivery)
    {
        switch (Envelope.Open(delivery.Body, delivery.Id, ring.Current))
        {
            case EnvelopeOpening.NotForMe:
                logger.NotForMe(delivery.Id);
                await delivery.SettleAsync(Settlement.LeftForAnother);
                break;
            case EnvelopeOpening.Refused:
                logger.Forged();
                await delivery.SettleAsync(Settlement.Dropped);
                await AlarmAsync(AlarmKind.ForgedMessage, "A message at the tenant's relay address did not open.");
                break;
            case EnvelopeOpening.Opened(var request) when clock.GetUtcNow() > request.Deadline + ClockSkew:
                logger.Expired(request.Id.Value);
                await delivery.SettleAsync(Settlement.Dropped);
                await AlarmAsync(AlarmKind.ExpiredMessage, "A message came long after its deadline; compare the two machines' clocks.");
                break;
            case EnvelopeOpening.Opened(var request):
                await delivery.SettleAsync(await CountedAsync(request));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private async Task<Settlement> CountedAsync(WritebackRequest request)
    {
        if (redeliveries.Count(request.Id) is >= Often and var times)
        {
            await AlarmAsync(AlarmKind.Redelivered, $"Request {request.Id} came {times} times; it is carried out once.");
        }

        var settlement = await WorkAsync(request);
        if (settlement is Settlement.LeftForAnother)
        {
            redeliveries.Forget(request.Id);
        }

        return settlement;
    }

    private async Task<Settlement> WorkAsync(WritebackRequest request)
    {
        try
        {
            if (await handler.HandleAsync(request, CancellationToken.None))
            {
                return Settlement.Accepted;
            }

            logger.NotServed(request.Id.Value);
        }
        catch (Exception e)
        {
            // A fault of this machine; another agent of the tenant may be well, and the grant keeps two of them from writing.
            logger.HandlingBroke(request.Id.Value, e);
        }

        return Settlement.LeftForAnother;
    }

    /// <summary>One of a kind a minute, of many messages in work at once too: a flood of junk must not become a flood of calls.</summary>
    private async Task AlarmAsync(AlarmKind kind, string detail)
    {
        if (IsDue(kind))
        {
            await portal.AlarmAsync(new(kind, detail), CancellationToken.None);
        }
    }

    private bool IsDue(AlarmKind kind)
    {
        lock (turn)
        {
            var now = clock.GetUtcNow();
            if (alarms.TryGetValue(kind, out var last) && now - last < AlarmPause)
            {
                return false;
            }

            alarms[kind] = now;
            return true;
        }
    }
}
