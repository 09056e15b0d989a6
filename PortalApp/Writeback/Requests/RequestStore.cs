using Microsoft.EntityFrameworkCore;
using Portal.Agents;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Data;

namespace PortalApp.Writeback.Requests;

/// <summary>The requests' rows: committed before they are sent, granted once, ended once. Each decision is one statement.</summary>
internal sealed class RequestStore(
    IDbContextFactory<PortalDb> databases,
    RequestSignals signals,
    TakeEffect effect,
    EndTelling telling,
    TimeProvider clock
)
{
    /// <summary>After the deadline, for the answer of a modify that was begun before it.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After the deadline, until which a modify that nobody heard of may still land: an agent's time limit for it (10 s and 2 s of grace) and as
    /// long again for a controller that hung. Before it no newer request is opened for the account (I6).
    /// </summary>
    public static readonly TimeSpan Landing = TimeSpan.FromSeconds(25);

    /// <summary>Within which two portals' clocks agree. A request of later than that was made before a clock was set back (H87).</summary>
    public static readonly TimeSpan ClocksAgree = TimeSpan.FromSeconds(30);

    /// <summary>How long an agent is asked for the evidence of one request.</summary>
    private static readonly TimeSpan EvidenceAsked = TimeSpan.FromDays(7);

    private const int MostPending = 500;
    private const int Tries = 8;
    private const int AddTries = 5;

    public async Task<Request?> FindAsync(TenantId tenant, RequestId id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Request>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id.Value && r.Tenant == tenant, cancellation);
    }

    /// <summary>Adds a row to the caller's transaction.</summary>
    /// <returns>Null where it was added; else what is open for the account, or tries a password of the person, and nothing was.</returns>
    public async Task<RequestId?> AddAsync(PortalDb db, Request row, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            if (row.Open && (await OpenOneAsync(db, row, cancellation) ?? await TriedAsync(db, row, cancellation)) is { } open)
            {
                return open;
            }

            db.Add(row);
            try
            {
                await db.SaveChangesAsync(cancellation);
                return null;
            }
            catch (DbUpdateException) when (row.Open && tries < AddTries)
            {
                // Another one was opened meanwhile: the unique index has the last word (H23).
                db.Entry(row).State = EntityState.Detached;
            }
        }
    }

    /// <summary>The account's open request, if any; one that nobody claimed in its life is ended first, in the same transaction.</summary>
    private async Task<RequestId?> OpenOneAsync(PortalDb db, Request row, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var open = db.Set<Request>().Where(r => r.Tenant == row.Tenant && r.Anchor == row.Anchor && r.Open);
        while (
            await open.Select(r => new
                {
                    r.Id,
                    r.Issued,
                    r.Deadline,
                    IsTaken = r.Attempt != null || r.Result != null,
                })
                .SingleOrDefaultAsync(cancellation)
                is { } held
        )
        {
            if (held.IsTaken || (held.Deadline > now && held.Issued <= now + ClocksAgree))
            {
                return new RequestId(held.Id);
            }

            // None ended: it was claimed, or the sweep was quicker. What stands now decides.
            if (await EndUnclaimedAsync(open, held.Id, now, cancellation))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Another password of the same person that is being tried, so that no two are at once (H14).</summary>
    private static async Task<RequestId?> TriedAsync(PortalDb db, Request row, CancellationToken cancellation) =>
        row.Subject is { } subject
        && await db.Set<Request>()
            .Where(r => r.Tenant == row.Tenant && r.Subject == subject && (r.EndedAt == null || r.Open))
            .Select(r => r.Id)
            .FirstOrDefaultAsync(cancellation)
            is { } tried
            ? new RequestId(tried)
            : null;

    private static async Task<bool> EndUnclaimedAsync(
        IQueryable<Request> open,
        string id,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var end = EndOf(new Request { Id = id }, new WritebackResult.NotAttempted(WritebackReason.NoAgent, null), now);
        return await open.Where(r => r.Id == id && r.Attempt == null && r.Result == null)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(r => r.Result, end.Result)
                            .SetProperty(r => r.Outcome, end.Outcome)
                            .SetProperty(r => r.Reason, end.Reason)
                            .SetProperty(r => r.EndedAt, now)
                            .SetProperty(r => r.PendingHash, end.PendingHash)
                            .SetProperty(r => r.Open, false)
                            .SetProperty(r => r.TellAt, now),
                    cancellation
                ) == 1;
    }

    /// <summary>
    /// The grant (docs/decisions/0002): milliseconds left, or null. They count from before the statement, so that a slow database
    /// makes them too few, never too many; and they are never more than the request's own life, wherever the clock was set (H87).
    /// </summary>
    public async Task<int?> ClaimAsync(TenantId tenant, string agent, RequestId id, string attempt, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var granted = await db.Set<Request>()
            .Where(r =>
                r.Id == id.Value
                && r.Tenant == tenant
                && (r.Open || r.Place != null)
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

        var request = await db.Set<Request>()
            .Where(r => r.Id == id.Value && r.Tenant == tenant)
            .Select(r => new { r.Issued, r.Deadline })
            .SingleAsync(cancellation);
        return (int)(request.Deadline - (now > request.Issued ? now : request.Issued)).TotalMilliseconds;
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

            var read = OutcomeRules.AsRead(row.Kind, result);
            var effect = OutcomeRules.EffectOf(row, agent, attempt, read);
            if (effect is not (OutcomeEffect.Ends or OutcomeEffect.Resolves) || await EndAsync(row, read, cancellation))
            {
                return effect;
            }
        }

        return OutcomeEffect.Moot;
    }

    /// <summary>
    /// Writes the result if the row is still as it was read, and with it what waited for it; false where it is not, and nothing changed. A power
    /// cut may take it back, but not a hash that took effect: the agent's journal is asked again for what has no outcome.
    /// </summary>
    public async Task<bool> EndAsync(Request row, WritebackResult result, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var end = EndOf(row, result, now);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (row.PendingHash is null)
        {
            await db.RelaxAsync(cancellation);
        }

        var takesEffect = row.PendingHash is not null || result is WritebackResult.Applied;
        await using var all = takesEffect ? await db.Database.BeginTransactionAsync(cancellation) : null;

        var ended = await db.Set<Request>()
            .Where(r => r.Id == row.Id && r.Tenant == row.Tenant && r.Attempt == row.Attempt && r.Result == row.Result)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(r => r.Result, end.Result)
                        .SetProperty(r => r.EndedAt, end.EndedAt)
                        .SetProperty(r => r.ResolvedAt, end.ResolvedAt)
                        .SetProperty(r => r.Outcome, end.Outcome)
                        .SetProperty(r => r.Reason, end.Reason)
                        .SetProperty(r => r.Open, end.Open)
                        .SetProperty(r => r.PendingHash, end.PendingHash)
                        .SetProperty(r => r.TellAt, end.TellAt),
                cancellation
            );
        if (ended == 0)
        {
            return false;
        }

        if (all is not null)
        {
            await effect(db, row, result, cancellation);
            await all.CommitAsync(cancellation);
        }

        await telling.TellAsync(end, cancellation);
        signals.Raise(row.Id);
        return true;
    }

    /// <summary>Requests granted to this agent whose outcome is missing or unknown, oldest first; of those that write: no other leaves evidence.</summary>
    public async Task<IReadOnlyList<PendingGrant>> PendingAsync(TenantId tenant, string agent, CancellationToken cancellation)
    {
        var since = clock.GetUtcNow() - EvidenceAsked;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await db.Set<Request>()
            .Where(r =>
                r.Tenant == tenant
                && r.GrantedTo == agent
                && r.Kind != RequestKind.Verify
                && (r.Result == null || r.Outcome == RequestOutcome.Unknown)
                && r.Issued > since
            )
            .OrderBy(r => r.Issued)
            .Select(r => new { r.Id, r.Attempt })
            .Take(MostPending)
            .ToListAsync(cancellation);
        return [.. rows.Select(r => new PendingGrant(r.Id, ClaimRequest.HashOf(r.Attempt!)))];
    }

    /// <summary>The row as it stands once that result has ended or resolved it.</summary>
    private static Request EndOf(Request row, WritebackResult result, DateTimeOffset now) =>
        new()
        {
            Id = row.Id,
            Tenant = row.Tenant,
            Anchor = row.Anchor,
            Kind = row.Kind,
            Connector = row.Connector,
            Flow = row.Flow,
            Trace = row.Trace,
            Initiator = row.Initiator,
            Issued = row.Issued,
            Deadline = row.Deadline,
            Attempt = row.Attempt,
            GrantedTo = row.GrantedTo,
            GrantedAt = row.GrantedAt,
            Result = OutcomeRules.Write(result),
            Outcome = OutcomeRules.OutcomeOf(result),
            Reason = result.Why,
            EndedAt = row.EndedAt ?? now,
            ResolvedAt = row.Result is null ? null : now,
            Open = result is WritebackResult.Unknown && row.Open && row.Deadline + Landing > now,
            Subject = row.Subject,
            Place = row.Place,
            PendingHash = result is WritebackResult.Unknown ? row.PendingHash : null,
            PendingHashKey = row.PendingHashKey,
            TellAt = now + EndTelling.Turn,
        };
}
