using Microsoft.EntityFrameworkCore;
using Portal.DirectorySync;
using Portal.Tenants;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Policy;
using PortalApp.Tenants;
using PortalApp.Writeback;

namespace PortalApp.Administration.Overview;

/// <summary>What an administrator looks at first.</summary>
/// <param name="Writeback">Null where no domain of the tenant has its passwords on premises.</param>
/// <param name="Done">Resets of the last 30 days that ended in a new password.</param>
/// <param name="Ended">All resets of the last 30 days that came to an end.</param>
/// <param name="DoneBefore">As <paramref name="Done"/>, in the 30 days before.</param>
/// <param name="Days">Of the last 30, oldest first.</param>
/// <param name="Syncs">As agents told last; a drop is there while it waits for a word.</param>
internal sealed record TenantState(
    Tenant Tenant,
    bool HasDomain,
    Readiness Readiness,
    HealthAnswer? Writeback,
    IReadOnlyList<EnrolledAgent> Agents,
    int Done,
    int Ended,
    int DoneBefore,
    IReadOnlyList<ResetsOfDay> Days,
    IReadOnlyList<ObjectRefused> Refused,
    FirstSteps First,
    IReadOnlyList<SyncStanding> Syncs,
    IReadOnlyList<Spike> Spikes
);

/// <summary>What the sync could not take, such as a phone number that nobody can call.</summary>
internal sealed record ObjectRefused(DateTimeOffset At, string? Subject, string Detail);

internal sealed class TenantStates(
    IDbContextFactory<PortalDb> databases,
    TenantStore tenants,
    AgentStore agents,
    PolicyStore policies,
    ReadinessCount readiness,
    WritebackHealth health,
    SyncStandings standings,
    Spikes spikes,
    TimeProvider clock
)
{
    private const int Days = 30;
    private const int RefusedShown = 20;

    public async Task<TenantState> OfAsync(TenantId id, CancellationToken cancellation)
    {
        var tenant = (await tenants.FindAsync(id, cancellation))!;
        var policy = await policies.HoldingAsync(id, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var homes = await db.Set<Domain>().Where(d => d.Tenant == id).Select(d => d.PasswordManagement).ToListAsync(cancellation);
        var today = clock.GetUtcNow().UtcDateTime.Date;
        var (from, before) = (At(today.AddDays(1 - Days)), At(today.AddDays(1 - (2 * Days))));
        var days = await ResetDays.OfAsync(db, id, DateOnly.FromDateTime(today), Days, cancellation);
        var done = days.Sum(day => day.Done);
        var active = (await agents.ListAsync(id, cancellation)).Where(a => a.RevokedAt is null).ToList();
        return new(
            tenant,
            homes.Count > 0,
            await readiness.OfAsync(id, policy.List, cancellation),
            homes.Any(h => h != PasswordManagement.CloudOnly) ? await health.AskAsync(id, [], cancellation) : null,
            active,
            done,
            done + days.Sum(day => day.Refused),
            await Of(db, id, [AuditEventId.ResetDone]).CountAsync(a => a.At >= before && a.At < from, cancellation),
            days,
            await RefusedAsync(db, id, from, cancellation),
            await FirstSteps.OfAsync(db, id, active, cancellation),
            [.. (await standings.ListAsync(id, cancellation)).Select(Told).OfType<SyncStanding>()],
            await spikes.OfAsync(id, cancellation)
        );
    }

    private static SyncStanding? Told(AgentSync sync) =>
        sync.Read() is { } told ? told with { Held = sync.Waits ? told.Held : null } : null;

    private static IQueryable<AuditEntry> Of(PortalDb db, TenantId tenant, AuditEventId[] events) =>
        db.Set<AuditEntry>().AsNoTracking().Where(a => a.Tenant == tenant && events.Contains(a.Event));

    private static async Task<IReadOnlyList<ObjectRefused>> RefusedAsync(
        PortalDb db,
        TenantId tenant,
        DateTimeOffset from,
        CancellationToken cancellation
    ) =>
        await Of(db, tenant, [AuditEventId.SyncObjectRefused])
            .Where(a => a.At >= from)
            .OrderByDescending(a => a.Id)
            .Take(RefusedShown)
            .Select(a => new ObjectRefused(a.At, a.Subject, a.Detail ?? ""))
            .ToListAsync(cancellation);

    private static DateTimeOffset At(DateTime day) => new(day, TimeSpan.Zero);
}
