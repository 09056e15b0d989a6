using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
using PortalApp.Throttle;
using PortalApp.Writeback;

namespace PortalApp.PasswordReset;

/// <summary>Asks the directory's side about the account (M8): with the last gate, in the same transaction, and again where nobody answered.</summary>
internal sealed class CheckStep(
    IDbContextFactory<PortalDb> databases,
    FlowStore flows,
    WritebackClient writeback,
    ThrottleStore throttle,
    Limits limits,
    ILogger<CheckStep> logger
)
{
    /// <summary>Records a passed gate.</summary>
    /// <param name="key">The flow's renewed key.</param>
    /// <exception cref="FlowMovedOnException">Another tab was quicker.</exception>
    public async Task PassAsync(StandingFlow flow, GateHolding passed, string key, CancellationToken cancellation)
    {
        var isLast = flow.GatesPassed + 1 >= flow.GatesRequired;
        if (isLast && flow.User is { } user)
        {
            await writeback.SendAsync(
                flow.Row.Tenant,
                new CloudAnchor(user.Id),
                RequestKind.Check,
                null,
                (db, check) => flows.PassAsync(db, flow, passed, key, check, cancellation),
                cancellation
            );
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        await flows.PassAsync(db, flow, passed, key, null, cancellation);
        await all.CommitAsync(cancellation);
    }

    /// <summary>Asks about the account once more, where nobody answered; as often as a flow may try passwords.</summary>
    /// <returns>False where that is often enough.</returns>
    public async Task<bool> CheckAgainAsync(StandingFlow flow, CancellationToken cancellation)
    {
        if (flow is not { Stage: ResetStage.NotReached, User: { } user })
        {
            return true;
        }

        if (!await throttle.TakeAsync(limits.ChecksOfFlow, $"{flow.Row.Id}", cancellation))
        {
            logger.CheckRefused(flow.Row.Trace, limits.ChecksOfFlow.Most);
            return false;
        }

        try
        {
            await writeback.SendAsync(
                flow.Row.Tenant,
                new CloudAnchor(user.Id),
                RequestKind.Check,
                null,
                (db, check) => FlowStore.CheckAgainAsync(db, flow, check, cancellation),
                cancellation
            );
        }
        catch (FlowMovedOnException)
        {
            // Another tab asks already.
        }

        return true;
    }
}
