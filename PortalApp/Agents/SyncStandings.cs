using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Agents;
using Portal.DirectorySync;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Agents;

/// <summary>Keeps what agents tell of their synchronisation, and an administrator's word for a drop that waits.</summary>
internal sealed class SyncStandings(IDbContextFactory<PortalDb> databases, AuditLog audit, TimeProvider clock)
{
    /// <summary>Of the agents that are not revoked, each connector once for each agent.</summary>
    public async Task<IReadOnlyList<AgentSync>> ListAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<AgentSync>()
            .AsNoTracking()
            .Where(s => s.Tenant == tenant && db.Set<EnrolledAgent>().Any(a => a.Id == s.AgentId && a.RevokedAt == null))
            .OrderBy(s => s.Connector)
            .ThenBy(s => s.AgentId)
            .ToListAsync(cancellation);
    }

    /// <returns>What an administrator let go of what waits there.</returns>
    public async Task<IResult> TellAsync(AgentCall<SyncStanding> call)
    {
        var (agent, standing) = (call.Agent, call.Body);
        if (!IsSound(standing))
        {
            return AgentCalls.Malformed();
        }

        var (told, mark, now) = (JsonSerializer.Serialize(standing, WireJson.Options), standing.Held?.Mark, clock.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(call.Aborted);
        await db.RelaxAsync(call.Aborted);
        var row = Of(db, agent.Tenant, agent.Id, standing.Connector);
        var known = await row.ExecuteUpdateAsync(
            set => set.SetProperty(s => s.At, now).SetProperty(s => s.Told, told).SetProperty(s => s.Mark, mark),
            call.Aborted
        );
        if (known == 0)
        {
            db.Add(
                new AgentSync
                {
                    AgentId = agent.Id,
                    Connector = standing.Connector,
                    Tenant = agent.Tenant,
                    At = now,
                    Told = told,
                    Mark = mark,
                }
            );
            await db.SaveChangesAsync(call.Aborted);
        }

        var released = await row.Where(s => s.Mark == s.Released).Select(s => s.Released).SingleOrDefaultAsync(call.Aborted);
        return Results.Json(new SyncStandingAnswer(released), WireJson.Options);
    }

    /// <summary>Lets go whom the administrator was shown, and nobody else: the agent hears of it within seconds.</summary>
    /// <param name="mark">Of the drop that was shown.</param>
    /// <returns>False where that drop does not wait any more.</returns>
    public async Task<bool> ReleaseAsync(
        TenantId tenant,
        string agent,
        string connector,
        string mark,
        Actor by,
        CancellationToken cancellation
    )
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var row = Of(db, tenant, agent, connector).Where(s => s.Mark == mark && (s.Released == null || s.Released != mark));
        var released = await row.ExecuteUpdateAsync(
            set => set.SetProperty(s => s.Released, mark).SetProperty(s => s.ReleasedBy, by).SetProperty(s => s.ReleasedAt, now),
            cancellation
        );
        if (released == 0)
        {
            return false;
        }

        var held = (await Of(db, tenant, agent, connector).AsNoTracking().SingleAsync(cancellation)).Read()?.Held;
        audit.Add(
            db,
            new(AuditEventId.DropReleased, tenant, by)
            {
                Subject = AuditSubject.Agent(agent),
                Detail = $"{held?.Missing} of {held?.Before} accounts of {connector} let go by {by}",
            }
        );
        await db.SaveChangesAsync(cancellation);
        await all.CommitAsync(cancellation);
        return true;
    }

    private static IQueryable<AgentSync> Of(PortalDb db, TenantId tenant, string agent, string connector) =>
        db.Set<AgentSync>().Where(s => s.AgentId == agent && s.Tenant == tenant && s.Connector == connector);

    private static bool IsSound(SyncStanding standing) =>
        ConnectorName.IsOne(standing.Connector)
        && IsShort(standing.Problem)
        && IsSound(standing.Unreadable)
        && IsSound(standing.Refused)
        && (
            standing.Held is not { } held
            || (held.Mark.Length is > 0 and <= 100 && held.Who.Count <= SyncStanding.MostNamed && held.Who.All(IsShort))
        );

    private static bool IsSound(NamedAccounts named) =>
        named.First.Count <= SyncStanding.MostNamed && named.First.All(one => one is not null && IsShort(one.Name) && IsShort(one.What));

    private static bool IsShort(string? text) => text is null or { Length: <= SyncStanding.MaxText };
}
