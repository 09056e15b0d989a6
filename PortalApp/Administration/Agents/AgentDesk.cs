using Microsoft.EntityFrameworkCore;
using Portal.DirectorySync;
using Portal.Tenants;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.Administration.Agents;

/// <param name="Syncs">Of each connector that it told of.</param>
internal sealed record ListedAgent(EnrolledAgent Agent, IReadOnlyList<AgentSync> Syncs);

/// <param name="By">Who issued it, by name.</param>
/// <param name="Agent">Whom it took in; null where it took in nobody yet.</param>
internal sealed record ListedCode(EnrolmentCode Code, string By, EnrolledAgent? Agent);

/// <summary>Accounts that wait for an administrator's word, or have it since a moment.</summary>
/// <param name="ReleasedBy">By name; null where it was not given.</param>
internal sealed record WaitingDrop(AgentSync Sync, string Agent, HeldDrop Held, string? ReleasedBy);

/// <summary>A tenant's agents as an administrator looks at them.</summary>
internal sealed class AgentDesk(
    IDbContextFactory<PortalDb> databases,
    AgentStore agents,
    EnrolmentCodes codes,
    SyncStandings standings,
    TimeProvider clock
)
{
    /// <summary>An agent says hello each minute.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(3);

    public bool IsAlive(EnrolledAgent agent) => clock.GetUtcNow() - agent.LastHelloAt < Quiet;

    /// <summary>Those that are not revoked, in the order in which they came.</summary>
    public async Task<IReadOnlyList<ListedAgent>> ListAsync(TenantId tenant, CancellationToken cancellation)
    {
        var syncs = (await standings.ListAsync(tenant, cancellation)).ToLookup(s => s.AgentId);
        var all = await agents.ListAsync(tenant, cancellation);
        return [.. all.Where(a => a.RevokedAt is null).Select(a => new ListedAgent(a, [.. syncs[a.Id]]))];
    }

    /// <summary>What became of the codes of the last day, newest first.</summary>
    public async Task<IReadOnlyList<ListedCode>> CodesAsync(TenantId tenant, CancellationToken cancellation)
    {
        var issued = await codes.ListAsync(tenant, cancellation);
        var known = (await agents.ListAsync(tenant, cancellation)).ToDictionary(a => a.Id);
        var names = await NamesAsync(tenant, issued.Select(c => c.IssuedBy), cancellation);
        return
        [
            .. issued.Select(c => new ListedCode(c, names(c.IssuedBy), c.AgentId is { } agent ? known.GetValueOrDefault(agent) : null)),
        ];
    }

    /// <summary>Of all agents that are not revoked.</summary>
    public async Task<IReadOnlyList<WaitingDrop>> WaitingAsync(TenantId tenant, CancellationToken cancellation)
    {
        var waiting = (await ListAsync(tenant, cancellation))
            .SelectMany(a => a.Syncs.Where(s => s.Mark is not null).Select(s => (a.Agent, Sync: s, s.Read()?.Held)))
            .Where(w => w.Held is not null)
            .ToList();
        var names = await NamesAsync(tenant, waiting.Select(w => w.Sync.ReleasedBy).OfType<Actor>(), cancellation);
        return
        [
            .. waiting.Select(w => new WaitingDrop(
                w.Sync,
                w.Agent.Name,
                w.Held!,
                w.Sync is { Waits: false, ReleasedBy: { } by } ? names(by) : null
            )),
        ];
    }

    private async Task<Func<Actor, string>> NamesAsync(TenantId tenant, IEnumerable<Actor> actors, CancellationToken cancellation)
    {
        string[] ids = [.. actors.Where(a => a.Kind == ActorKind.User).Select(a => a.Name).Distinct()];
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var names = await db.Set<User>()
            .Where(u => u.Tenant == tenant && ids.Contains(u.Id))
            .ToDictionaryAsync(u => u.Id, u => u.DisplayName ?? u.UserPrincipalName, cancellation);
        return actor => names.GetValueOrDefault(actor.Name) ?? actor.Name;
    }
}
