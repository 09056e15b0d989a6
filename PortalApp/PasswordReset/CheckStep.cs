using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;
using PortalApp.Writeback;

namespace PortalApp.PasswordReset;

/// <summary>Asks the directory's side about the account (M8): with the last gate, in the same transaction, and again where nobody answered.</summary>
internal sealed class CheckStep(
    IDbContextFactory<PortalDb> databases,
    FlowStore flows,
    FailureStore failures,
    ThrottleStore throttle,
    Limits limits,
    ILogger<CheckStep> logger
)
{
    /// <summary>Records a passed gate.</summary>
    /// <param name="key">The flow's renewed key.</param>
    /// <returns>False where another tab was quicker.</returns>
    public async Task<bool> PassAsync(StandingFlow flow, GateHolding passed, string key, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var isLast = flow.GatesPassed + 1 >= flow.GatesRequired;
        if (isLast)
        {
            await failures.ForgetAsync(db, flow.Row.Tenant, flow.Row.Subject, cancellation);
            await throttle.TakeAsync(db, limits.SuccessesOfPerson, $"{flow.Row.Tenant}/{flow.Row.Subject}", cancellation);
        }

        var check =
            isLast && flow is { User: { DisputedAt: null } user, Home: { } home }
                ? await home.CheckAsync(db, user, flow.Origin, cancellation) as RequestAdding.Added
                : null;
        if (!await flows.PassAsync(db, flow, passed, key, check?.Id, cancellation))
        {
            return false;
        }

        await all.CommitAsync(cancellation);
        if (check is not null)
        {
            await check.Send();
        }

        return true;
    }

    /// <summary>Asks about the account once more, where nobody answered; as often as a flow may try passwords.</summary>
    /// <returns>False where that is often enough.</returns>
    public async Task<bool> CheckAgainAsync(StandingFlow flow, CancellationToken cancellation)
    {
        if (flow is not { Stage: ResetStage.NotReached, User: { } user, Home: { } home })
        {
            return true;
        }

        if (!await throttle.TakeAsync(limits.ChecksOfFlow, $"{flow.Row.Id}", cancellation))
        {
            logger.CheckRefused(flow.Row.Trace, limits.ChecksOfFlow.Most);
            return false;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        if (
            await home.CheckAsync(db, user, flow.Origin, cancellation) is RequestAdding.Added check
            && await FlowStore.CheckAgainAsync(db, flow, check.Id, cancellation)
        )
        {
            await all.CommitAsync(cancellation);
            await check.Send();
        }

        return true;
    }
}
