using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Policy;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.PasswordReset.Flows;

/// <summary>From where a flow is begun.</summary>
/// <param name="Browser">As <see cref="Flow.Browser"/>.</param>
/// <param name="Trace">Of the story that goes on here; null where it begins.</param>
internal sealed record FlowOrigin(Caller Caller, byte[] Browser, string? Trace = null);

/// <summary>
/// Writes flows. Each step is one conditional statement on the flow's row as it was read: of any number of parallel callers one gets through
/// (H22, H23).
/// </summary>
internal sealed class FlowStore(IDbContextFactory<PortalDb> databases, Limits limits, TimeProvider clock, ILogger<FlowStore> logger)
{
    /// <returns>The flow, and the key for its cookie.</returns>
    public async Task<(Flow Row, string Key)> BeginAsync(
        Tenant tenant,
        PolicyVersion policy,
        UserPrincipalName name,
        User? user,
        string subject,
        GateProfile drawn,
        IReadOnlyList<long> drawnGroups,
        FlowOrigin origin,
        CancellationToken cancellation
    )
    {
        var now = clock.GetUtcNow();
        var key = FlowCookie.NewKey();
        var row = new Flow
        {
            Tenant = tenant.Id,
            KeyHash = FlowCookie.Hash(key),
            Purpose = FlowPurpose.Reset,
            Subject = subject,
            UserId = user?.Id,
            UserPrincipalName = name.Value,
            Policy = policy.Number,
            Network = origin.Caller.Network.Value,
            Familiarity = origin.Caller.Familiarity,
            Browser = origin.Browser,
            Trace = origin.Trace ?? AuditTrace.New(),
            Language = CultureInfo.CurrentUICulture.Name,
            Drawn = drawn.ToText(),
            DrawnGroups = drawnGroups,
            CreatedAt = now,
            ExpiresAt = now + limits.FlowLifetime,
        };
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Add(row);
        await db.SaveChangesAsync(cancellation);
        logger.Begun(row.Trace, tenant.Id);
        return (row, key);
    }

    /// <returns>False where another tab was quicker.</returns>
    public async Task<bool> ChooseAsync(StandingFlow flow, GateMethod method, CancellationToken cancellation)
    {
        var row = flow.Row;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Flow>()
                .Where(f => f.Id == row.Id && f.Tenant == row.Tenant && f.KeyHash == row.KeyHash)
                .ExecuteUpdateAsync(set => set.SetProperty(f => f.ChosenMethod, method), cancellation) == 1;
    }

    /// <summary>Records a passed gate and renews the flow's key, within the caller's transaction.</summary>
    /// <returns>False where another tab moved the flow on meanwhile: the caller's transaction is to be undone.</returns>
    public async Task<bool> PassAsync(
        PortalDb db,
        StandingFlow flow,
        GateHolding passed,
        string newKey,
        RequestId? check,
        CancellationToken cancellation
    )
    {
        var (row, hash, request) = (flow.Row, FlowCookie.Hash(newKey), check?.Value ?? flow.Row.CheckRequest);
        var moved = await db.Set<Flow>()
            .Where(f => f.Id == row.Id && f.Tenant == row.Tenant && f.KeyHash == row.KeyHash)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.KeyHash, hash).SetProperty(f => f.CheckRequest, request), cancellation);
        if (moved == 0)
        {
            return false;
        }

        // The gate may have been passed before, with what the user does not have any more.
        await db.Set<PassedGate>()
            .Where(g => g.FlowId == row.Id && g.Tenant == row.Tenant && g.Method == passed.Method)
            .ExecuteDeleteAsync(cancellation);
        db.Add(
            new PassedGate
            {
                FlowId = row.Id,
                Tenant = row.Tenant,
                Method = passed.Method,
                PassedAt = clock.GetUtcNow(),
                Basis = passed.Basis,
            }
        );
        await db.SaveChangesAsync(cancellation);
        logger.GatePassed(row.Trace);
        return true;
    }

    /// <summary>Puts another check in the place of one that got no answer; false where another tab has done so.</summary>
    public static async Task<bool> CheckAgainAsync(PortalDb db, StandingFlow flow, RequestId check, CancellationToken cancellation)
    {
        var row = flow.Row;
        var moved = await db.Set<Flow>()
            .Where(f => f.Id == row.Id && f.Tenant == row.Tenant && f.CheckRequest == row.CheckRequest)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.CheckRequest, check.Value), cancellation);
        return moved == 1;
    }

    /// <summary>Counts an attempt and makes it the flow's newest; false where another tab was quicker or the gates are spent.</summary>
    public static async Task<bool> AttemptAsync(
        PortalDb db,
        StandingFlow flow,
        FlowPurpose purpose,
        RequestId attempt,
        CancellationToken cancellation
    )
    {
        var row = flow.Row;
        var moved = await db.Set<Flow>()
            .Where(f =>
                f.Id == row.Id
                && f.Tenant == row.Tenant
                && f.KeyHash == row.KeyHash
                && f.Sets == row.Sets
                && f.ResetRequest == row.ResetRequest
                && f.EndedAt == null
                && !f.PassedGates.Any(g => g.SpentAt != null)
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(f => f.ResetRequest, attempt.Value)
                        .SetProperty(f => f.Purpose, purpose)
                        .SetProperty(f => f.Sets, row.Sets + 1),
                cancellation
            );
        return moved == 1;
    }
}
