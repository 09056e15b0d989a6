using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Writeback.Requests;

namespace PortalApp.Administration.Overview;

/// <summary>Stored nowhere.</summary>
internal enum SpikeKind
{
    Reason,
    Network,
    Agent,
}

/// <param name="Name">Of the reason, the network or the agent's id.</param>
/// <param name="Count">Within the last hour.</param>
internal sealed record Spike(SpikeKind Kind, string Name, int Count);

/// <summary>
/// Whether many resets and changes fail at once for one reason, from one network or at one agent, so that it is likely not the person's account:
/// ten within the last hour, and five times as many as in an hour of the seven days before.
/// </summary>
internal sealed class Spikes(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    private const int Least = 10;
    private const int Times = 5;
    private const int HoursBefore = 7 * 24;
    private const int Most = 3;

    private static readonly AuditEventId[] Failing =
    [
        AuditEventId.ResetFailed,
        AuditEventId.ResetUnknown,
        AuditEventId.ResetRefused,
        AuditEventId.ChangeFailed,
        AuditEventId.ChangeUnknown,
        AuditEventId.UnlockFailed,
        AuditEventId.UnlockUnknown,
    ];

    private static readonly RequestOutcome?[] Bad = [RequestOutcome.NotAttempted, RequestOutcome.Unknown];

    public async Task<IReadOnlyList<Spike>> OfAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var hour = clock.GetUtcNow().AddHours(-1);
        var failed = db.Set<AuditEntry>().AsNoTracking().Where(a => a.Tenant == tenant && Failing.Contains(a.Event));
        var asked = db.Set<Request>().AsNoTracking().Where(r => r.Tenant == tenant && Bad.Contains(r.Outcome) && r.GrantedTo != null);
        return
        [
            .. (await UnusualAsync(SpikeKind.Reason, failed.Select(a => new Failure { Name = a.Reason, At = a.At }), hour, cancellation))
                .Concat(
                    await UnusualAsync(
                        SpikeKind.Network,
                        failed.Select(a => new Failure { Name = a.Network, At = a.At }),
                        hour,
                        cancellation
                    )
                )
                .Concat(
                    await UnusualAsync(
                        SpikeKind.Agent,
                        asked.Select(r => new Failure { Name = r.GrantedTo, At = r.Issued }),
                        hour,
                        cancellation
                    )
                )
                .OrderByDescending(s => s.Count)
                .Take(Most),
        ];
    }

    private static async Task<IReadOnlyList<Spike>> UnusualAsync(
        SpikeKind kind,
        IQueryable<Failure> failures,
        DateTimeOffset hour,
        CancellationToken cancellation
    )
    {
        var many = await failures
            .Where(f => f.At >= hour && f.Name != null)
            .GroupBy(f => f.Name)
            .Select(g => new { Name = g.Key!, Count = g.Count() })
            .Where(g => g.Count >= Least)
            .ToListAsync(cancellation);
        List<Spike> spikes = [];
        var before = hour.AddHours(-HoursBefore);
        foreach (var one in many)
        {
            var usual = await failures.CountAsync(f => f.Name == one.Name && f.At >= before && f.At < hour, cancellation);
            if ((long)one.Count * HoursBefore >= (long)usual * Times)
            {
                spikes.Add(new(kind, one.Name, one.Count));
            }
        }

        return spikes;
    }

    private sealed class Failure
    {
        public string? Name { get; init; }
        public DateTimeOffset At { get; init; }
    }
}
