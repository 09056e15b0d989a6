using Microsoft.EntityFrameworkCore;
using Portal.Agents;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Data;

namespace PortalApp.Writeback.Requests;

/// <summary>The requests' rows: committed before they are sent, granted once, ended once. Each decision is one statement.</summary>
internal sealed class RequestStore(IDbContextFactory<PortalDb> databases, RequestSignals signals, EndTelling telling, TimeProvider clock)
{
    /// <summary>After the deadline, for the answer of a modify that was begun before it.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After the deadline, until which a modify that nobody heard of may still land: an agent's time limit for it (10 s and 2 s of grace) and as
    /// long again for a controller that hung. Before it no newer request is opened for the account (I6).
    /// </summary>
    public static readonly TimeSpan Landing = TimeSpan.FromSeconds(25);

    /// <summary>How long an agent is asked for the evidence of one request.</summary>
    private static readonly TimeSpan EvidenceAsked = TimeSpan.FromDays(7);

    private const int MostPending = 500;
    private const int Tries = 8;

    public async Task<Request?> FindAsync(TenantId tenant, RequestId id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Request>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id.Value && r.Tenant == tenant, cancellation);
    }

    /// <summary>
    /// The grant (docs/decisions/0002): milliseconds left, or null. They count from before the statement, so that a slow database
    /// makes them too few, never too many.
    /// </summary>
    public async Task<int?> ClaimAsync(TenantId tenant, string agent, RequestId id, string attempt, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var granted = await db.Set<Request>()
            .Where(r =>
                r.Id == id.Value
                && r.Tenant == tenant
                && r.Open
                && r.Result == null
                && r.Deadline > now
                && (r.Attempt == null || (r.Attempt == attempt && r.GrantedTo == agent))
                && db.Set<EnrolledAgent>().Any(a => a.Id == agent && a.Tenant == tenant && a.RevokedAt == null)
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(r => r.Attempt, attempt)
                        .SetProperty(r => r.GrantedTo, agent)
                        .SetProperty(r => r.GrantedAt, r => r.GrantedAt ?? now),
                cancellation
            );
        if (granted == 0)
        {
            return null;
        }

        var deadline = await db.Set<Request>()
            .Where(r => r.Id == id.Value && r.Tenant == tenant)
            .Select(r => r.Deadline)
            .SingleAsync(cancellation);
        return (int)(deadline - now).TotalMilliseconds;
    }

    /// <summary>Takes an outcome from an active agent of the tenant, by <see cref="OutcomeRules"/>.</summary>
    public async Task<OutcomeEffect> TakeAsync(
        TenantId tenant,
        string agent,
        RequestId id,
        string? attempt,
        WritebackResult result,
        CancellationToken cancellation
    )
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            if (await FindAsync(tenant, id, cancellation) is not { } row)
            {
                return OutcomeEffect.Refused;
            }

            var effect = OutcomeRules.EffectOf(row, agent, attempt, result);
            if (effect is not (OutcomeEffect.Ends or OutcomeEffect.Resolves) || await EndAsync(row, result, cancellation))
            {
                return effect;
            }
        }

        return OutcomeEffect.Moot;
    }

    /// <summary>
    /// Writes the result if the row is still as it was read; false where it is not, and nothing changed. A power cut may take it back: the agent's
    /// journal is asked again for what has no outcome.
    /// </summary>
    public async Task<bool> EndAsync(Request row, WritebackResult result, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var end = new Request
        {
            Id = row.Id,
            Tenant = row.Tenant,
            Anchor = row.Anchor,
            Kind = row.Kind,
            Issued = row.Issued,
            Deadline = row.Deadline,
            Attempt = row.Attempt,
            GrantedTo = row.GrantedTo,
            GrantedAt = row.GrantedAt,
            Result = OutcomeRules.Write(result),
            EndedAt = row.EndedAt ?? now,
            ResolvedAt = row.Result is null ? null : now,
            Unknown = result is WritebackResult.Unknown,
            Open = result is WritebackResult.Unknown && row.Open && row.Deadline + Landing > now,
            TellAt = row.Kind is RequestKind.Health ? null : now + EndTelling.Turn,
        };
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        var ended = await db.Set<Request>()
            .Where(r => r.Id == row.Id && r.Tenant == row.Tenant && r.Attempt == row.Attempt && r.Result == row.Result)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(r => r.Result, end.Result)
                        .SetProperty(r => r.EndedAt, end.EndedAt)
                        .SetProperty(r => r.ResolvedAt, end.ResolvedAt)
                        .SetProperty(r => r.Unknown, end.Unknown)
                        .SetProperty(r => r.Open, end.Open)
                        .SetProperty(r => r.TellAt, end.TellAt),
                cancellation
            );
        if (ended == 0)
        {
            return false;
        }

        if (end.TellAt is not null)
        {
            await telling.TellAsync(end, cancellation);
        }

        signals.Raise(row.Id);
        return true;
    }

    /// <summary>Requests granted to this agent whose outcome is missing or unknown, oldest first.</summary>
    public async Task<IReadOnlyList<PendingGrant>> PendingAsync(TenantId tenant, string agent, CancellationToken cancellation)
    {
        var since = clock.GetUtcNow() - EvidenceAsked;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await db.Set<Request>()
            .Where(r => r.Tenant == tenant && r.GrantedTo == agent && (r.Result == null || r.Unknown) && r.Issued > since)
            .OrderBy(r => r.Issued)
            .Select(r => new { r.Id, r.Attempt })
            .Take(MostPending)
            .ToListAsync(cancellation);
        return [.. rows.Select(r => new PendingGrant(r.Id, ClaimRequest.HashOf(r.Attempt!)))];
    }
}
