using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Data;

namespace PortalApp.Writeback;

/// <summary>The requests' rows: committed before they are sent, granted once, ended once. Each decision is one statement.</summary>
internal sealed class RequestStore(
    IDbContextFactory<PortalDb> databases,
    RequestSignals signals,
    IServiceProvider services,
    TimeProvider clock,
    ILogger<RequestStore> logger
)
{
    public static bool Writes(RequestKind kind) => kind is not (RequestKind.Health or RequestKind.Check);

    public static WritebackResult? ResultOf(RequestRow row) =>
        row.Result is null ? null : JsonSerializer.Deserialize<WritebackResult>(row.Result);

    public async Task<RequestRow?> FindAsync(TenantId tenant, RequestId id, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Set<RequestRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id.Value && r.Tenant == tenant, ct);
    }

    /// <summary>The grant (HOSTILE-CASES, "The grant"): milliseconds left, or null.</summary>
    public async Task<int?> ClaimAsync(TenantId tenant, string agent, RequestId id, string attempt, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(ct);
        var granted = await db.Set<RequestRow>()
            .Where(r =>
                r.Id == id.Value
                && r.Tenant == tenant
                && r.Open
                && r.Deadline > now
                && (r.Attempt == null || (r.Attempt == attempt && r.GrantedTo == agent))
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(r => r.Attempt, attempt)
                        .SetProperty(r => r.GrantedTo, agent)
                        .SetProperty(r => r.GrantedAt, r => r.GrantedAt ?? now),
                ct
            );
        if (granted == 0)
        {
            return null;
        }

        var deadline = await db.Set<RequestRow>().Where(r => r.Id == id.Value).Select(r => r.Deadline).SingleAsync(ct);
        return (int)(deadline - now).TotalMilliseconds;
    }

    /// <summary>
    /// Takes an outcome from an agent: once, of the right kind, and of a granted request only from the agent that was granted. An Unknown
    /// may be resolved once by evidence. False where nothing changed (H74).
    /// </summary>
    public async Task<bool> TryEndAsync(
        TenantId tenant,
        string agent,
        RequestId id,
        string? attempt,
        WritebackResult result,
        CancellationToken ct
    )
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var row = await db.Set<RequestRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id.Value && r.Tenant == tenant, ct);
        if (row is null || !Fits(row, agent, attempt, result))
        {
            return false;
        }

        var resolves = row.Result is not null && ResultOf(row) is WritebackResult.Unknown && result is not WritebackResult.Unknown;
        return await EndAsync(db, row, result, resolves, ct);
    }

    /// <summary>Ends a row by the portal's own knowledge: nobody claimed it, or nobody answered.</summary>
    public async Task<bool> EndAsync(RequestRow row, WritebackResult result, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await EndAsync(db, row, result, resolvesUnknown: false, ct);
    }

    /// <summary>Requests granted to this agent whose outcome is missing or unknown.</summary>
    public async Task<IReadOnlyList<string>> PendingAsync(TenantId tenant, string agent, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Set<RequestRow>()
            .Where(r => r.Tenant == tenant && r.GrantedTo == agent && (r.Result == null || r.Unknown))
            .OrderBy(r => r.Issued)
            .Select(r => r.Id)
            .Take(500)
            .ToListAsync(ct);
    }

    private static bool Fits(RequestRow row, string agent, string? attempt, WritebackResult result) =>
        row.Kind switch
        {
            RequestKind.Health => result is WritebackResult.Healthy or WritebackResult.NotAttempted,
            RequestKind.Check => result is WritebackResult.Settable or WritebackResult.NotAttempted,
            _ when result is WritebackResult.Settable or WritebackResult.Healthy => false,
            _ when row.GrantedTo is null => result is WritebackResult.NotAttempted,
            _ => row.GrantedTo == agent && (attempt is null || attempt == row.Attempt),
        };

    private async Task<bool> EndAsync(PortalDb db, RequestRow row, WritebackResult result, bool resolvesUnknown, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var json = JsonSerializer.Serialize(result);
        var unknown = result is WritebackResult.Unknown;
        var ended = await db.Set<RequestRow>()
            .Where(r => r.Id == row.Id && r.Attempt == row.Attempt && (r.Result == null || (resolvesUnknown && r.Unknown)))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(r => r.Result, json)
                        .SetProperty(r => r.EndedAt, now)
                        .SetProperty(r => r.Open, false)
                        .SetProperty(r => r.Unknown, unknown),
                ct
            );
        if (ended == 0)
        {
            return false;
        }

        signals.Raise(row.Id);
        if (Writes(row.Kind))
        {
            await TellAsync(row, result, ct);
        }

        return true;
    }

    /// <summary>A use case that fails here must not turn a kept outcome into a lost one; it finds the row again by its own sweep.</summary>
    private async Task TellAsync(RequestRow row, WritebackResult result, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        foreach (var told in services.GetServices<RequestEnded>())
        {
            try
            {
                await told(scope.ServiceProvider, row, result, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.TellingFailed(row.Id, e);
            }
        }
    }
}
