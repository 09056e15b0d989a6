using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Agents;
using Portal.Relay;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Relay;

namespace PortalApp.Agents;

/// <summary>The tenants' agents and their public keys.</summary>
internal sealed class AgentStore(IDbContextFactory<PortalDb> databases, AuditLog audit, TimeProvider clock)
{
    /// <summary>An agent says hello each minute.</summary>
    private static readonly TimeSpan AboutFor = TimeSpan.FromMinutes(3);
    private static readonly byte[] NobodysHash = new byte[32];

    public static string FingerprintOf(EnrolledAgent agent) =>
        agent.Keys.Where(k => k.Use == AgentKeyUse.Encryption).OrderByDescending(k => k.Generation).FirstOrDefault() is { } key
            ? EnvelopeKeys.Fingerprint(key.Kid)
            : "";

    public async Task<IReadOnlyList<EnrolledAgent>> ListAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<EnrolledAgent>()
            .AsNoTracking()
            .Include(a => a.Keys)
            .Where(a => a.Tenant == tenant)
            .OrderBy(a => a.EnrolledAt)
            .ToListAsync(cancellation);
    }

    /// <summary>The newest valid encryption key of one agent: what a tenant key is sealed to.</summary>
    public async Task<EnvelopeRecipient?> RecipientAsync(EnrolledAgent agent, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var key = await ValidKeys(db, AgentKeyUse.Encryption)
            .Where(k => k.AgentId == agent.Id && k.Tenant == agent.Tenant)
            .OrderByDescending(k => k.Generation)
            .FirstOrDefaultAsync(cancellation);
        return key is null ? null : new EnvelopeRecipient(key.Kid, AgentKeyReader.Read(key));
    }

    public async Task<EnrolledAgent?> FindActiveAsync(string id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<EnrolledAgent>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.RevokedAt == null, cancellation);
    }

    public async Task<ActiveAgents> ActiveAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var keys = await ValidKeys(db, AgentKeyUse.Encryption)
            .Where(k => k.Tenant == tenant)
            .Join(
                db.Set<EnrolledAgent>().AsNoTracking(),
                k => new { k.Tenant, Id = k.AgentId },
                a => new { a.Tenant, a.Id },
                (key, agent) => new { key, agent }
            )
            .OrderByDescending(found => found.agent.LastHelloAt ?? found.agent.EnrolledAt)
            .ThenByDescending(found => found.key.Generation)
            .ToListAsync(cancellation);
        return new([.. keys.Select(found => (found.key, found.agent.State))]);
    }

    /// <summary>The valid signing key of that id, with its agent; null for revoked and unknown ones alike.</summary>
    public async Task<(EnrolledAgent Agent, ECDsa Key)?> FindSignerAsync(string kid, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = await ValidKeys(db, AgentKeyUse.Signing)
            .Where(k => k.Kid == kid)
            .Join(
                db.Set<EnrolledAgent>().AsNoTracking(),
                k => new { k.Tenant, Id = k.AgentId },
                a => new { a.Tenant, a.Id },
                (key, agent) => new { key, agent }
            )
            .SingleOrDefaultAsync(cancellation);
        return found is null ? null : (found.agent, ECDsa.Create(AgentKeyReader.Read(found.key)));
    }

    /// <summary>The relay's question; the same work for an agent that does not exist.</summary>
    public async Task<RelayIdentity?> CheckRelaySecretAsync(string user, byte[] secretHash, CancellationToken cancellation)
    {
        var agent = await FindActiveAsync(user, cancellation);
        var fits = CryptographicOperations.FixedTimeEquals(agent?.RelaySecretHash ?? NobodysHash, secretHash);
        return agent is not null && fits ? new RelayIdentity(agent.Id, agent.Tenant, AddressesOf(agent)) : null;
    }

    public async Task GreetedAsync(AgentCall<HelloRequest> call, Uri relay)
    {
        var (now, agent, hello, cancellation) = (clock.GetUtcNow(), call.Agent, call.Body, call.Aborted);
        var ahead = hello.State is { } state ? (int?)Math.Round((state.Clock - now).TotalSeconds) : null;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        await db.Set<EnrolledAgent>()
            .Where(a => a.Id == agent.Id && a.Tenant == agent.Tenant)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(a => a.LastHelloAt, now)
                        .SetProperty(a => a.Version, hello.Version)
                        .SetProperty(a => a.State, hello.State)
                        .SetProperty(a => a.ClockAhead, ahead)
                        .SetProperty(a => a.Network, call.From.Value)
                        .SetProperty(a => a.Relay, relay.AbsoluteUri),
                cancellation
            );
    }

    /// <summary>Of a call that was refused for it: no hello tells it. Written where it has changed.</summary>
    public async Task ClockSeenAsync(EnrolledAgent agent, int ahead, CancellationToken cancellation)
    {
        if (agent.ClockAhead is { } before && Math.Abs(before - ahead) <= AgentCallVerdict.Skew)
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        await db.Set<EnrolledAgent>()
            .Where(a => a.Id == agent.Id && a.Tenant == agent.Tenant)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.ClockAhead, ahead), cancellation);
    }

    /// <summary>In which agents that are not revoked said hello last, of all tenants.</summary>
    public async Task<IReadOnlyList<string>> NetworksAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<EnrolledAgent>()
            .Where(a => a.RevokedAt == null && a.Network != null)
            .Select(a => a.Network!)
            .Distinct()
            .ToListAsync(cancellation);
    }

    /// <summary>An agent that has not said hello for a while listens nowhere, and holds nothing up.</summary>
    public async Task<bool> AllToldAsync(TenantId tenant, Uri relay, CancellationToken cancellation)
    {
        var (since, address) = (clock.GetUtcNow() - AboutFor, relay.AbsoluteUri);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return !await db.Set<EnrolledAgent>()
            .AnyAsync(a => a.Tenant == tenant && a.RevokedAt == null && a.LastHelloAt > since && a.Relay != address, cancellation);
    }

    private static IReadOnlyList<RelayAddress> AddressesOf(EnrolledAgent agent) =>
        [.. (agent.State?.Connectors ?? []).Select(connector => RelayAddress.Of(agent.Tenant, connector.Name))];

    /// <summary>Its keys and relay secret are dead at once; its open relay connections within seconds. False for one that is not active.</summary>
    public Task<bool> RevokeAsync(string id, Actor by, CancellationToken cancellation) => RevokeAsync(null, id, by, cancellation);

    /// <summary>The same, if it is an agent of this tenant; null for any.</summary>
    public async Task<bool> RevokeAsync(TenantId? of, string id, Actor by, CancellationToken cancellation)
    {
        if (await FindActiveAsync(id, cancellation) is not { Tenant: var tenant } || (of is not null && of != tenant))
        {
            return false;
        }

        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var revoked = await db.Set<EnrolledAgent>()
            .Where(a => a.Id == id && a.Tenant == tenant && a.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.RevokedAt, now), cancellation);
        if (revoked == 1)
        {
            await audit.WriteAsync(new(AuditEventId.AgentRevoked, tenant, by) { Subject = AuditSubject.Agent(id) }, cancellation);
        }

        return revoked == 1;
    }

    /// <summary>How the portal lists it; the agent itself goes on under its id. A part of the caller's <see cref="Changes.ChangeAsync"/>.</summary>
    public async Task<ChangeOutcome<EnrolledAgent>> RenameAsync(
        PortalDb db,
        TenantId tenant,
        string id,
        string name,
        Actor by,
        CancellationToken cancellation
    )
    {
        if (
            await db.Set<EnrolledAgent>().SingleOrDefaultAsync(a => a.Id == id && a.Tenant == tenant && a.RevokedAt == null, cancellation)
            is not { } agent
        )
        {
            return new ChangeOutcome<EnrolledAgent>.NotThere();
        }

        if (!EnrolledAgent.IsName(name.Trim()))
        {
            return new ChangeOutcome<EnrolledAgent>.Wrong(nameof(EnrolledAgent.Name), Fault.AgentName, EnrolledAgent.MaxNameChars);
        }

        audit.Add(
            db,
            new(AuditEventId.TenantChanged, tenant, by)
            {
                Subject = AuditSubject.Agent(id),
                Detail = $"agent {agent.Name} renamed to {name.Trim()} by {by}",
            }
        );
        agent.Name = name.Trim();
        return new ChangeOutcome<EnrolledAgent>.Done(agent);
    }

    public async Task<IReadOnlyList<string>> RevokedAmongAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<EnrolledAgent>()
            .Where(a => ids.Contains(a.Id) && a.RevokedAt != null)
            .Select(a => a.Id)
            .ToListAsync(cancellation);
    }

    private IQueryable<AgentKey> ValidKeys(PortalDb db, AgentKeyUse use)
    {
        var now = clock.GetUtcNow();
        return db.Set<AgentKey>()
            .AsNoTracking()
            .Where(k =>
                k.Use == use
                && k.NotBefore <= now
                && (k.NotAfter == null || k.NotAfter > now)
                && db.Set<EnrolledAgent>().Any(a => a.Id == k.AgentId && a.Tenant == k.Tenant && a.RevokedAt == null)
            );
    }
}
