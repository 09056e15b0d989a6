using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
using PortalApp.Throttle;
using PortalApp.Writeback;

namespace PortalApp.PasswordReset;

/// <summary>What came of a code. Closed: the three cases below.</summary>
internal abstract record CodeAnswer
{
    private CodeAnswer() { }

    /// <param name="NewKey">The flow's renewed key.</param>
    public sealed record Passed(string NewKey) : CodeAnswer;

    /// <summary>The gate said no: <see cref="GateAnswer.Failed"/> or <see cref="GateAnswer.Blocked"/>.</summary>
    public sealed record NotPassed(GateAnswer Answer) : CodeAnswer;

    /// <summary>The flow is not where the form thought it was.</summary>
    public sealed record MovedOn : CodeAnswer;
}

/// <summary>Takes a code; with the last gate it asks the directory's side about the account (M8), in the same transaction.</summary>
internal sealed class CodeStep(
    IDbContextFactory<PortalDb> databases,
    FlowStore flows,
    ThrottleStore throttle,
    Limits limits,
    ILogger<CodeStep> logger
)
{
    public async Task<CodeAnswer> AnswerAsync(StandingFlow flow, string typed, CancellationToken cancellation)
    {
        if (flow is not { Stage: ResetStage.Gate, NextGate: { } gate })
        {
            return new CodeAnswer.MovedOn();
        }

        if (await gate.AnswerAsync(flow.Subject, typed, cancellation) is not GateAnswer.Passed and var refused)
        {
            logger.CodeRefused(flow.Row.Trace, Why(refused));
            return new CodeAnswer.NotPassed(refused);
        }

        var key = FlowCookie.NewKey();
        return await PassAsync(flow, gate, key, cancellation) ? new CodeAnswer.Passed(key) : new CodeAnswer.MovedOn();
    }

    /// <summary>Sends a new code; null where it is on its way.</summary>
    public async Task<GateBlock?> SendAgainAsync(StandingFlow flow, CancellationToken cancellation)
    {
        if (
            flow.NextGate is not { } gate
            || await gate.ChallengeAsync(flow.Subject, cancellation) is not GateChallenge.Blocked { Why: var why }
        )
        {
            return null;
        }

        logger.CodeNotSent(flow.Row.Trace, why.GetType().Name);
        return why;
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

    private static string Why(GateAnswer refused) =>
        refused switch
        {
            GateAnswer.Failed failed => $"wrong, {failed.TriesLeft} tries left",
            GateAnswer.Blocked blocked => blocked.Why.GetType().Name,
            _ => throw new UnreachableException(),
        };

    private async Task<bool> PassAsync(StandingFlow flow, IGate gate, string key, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        var check =
            flow.GatesPassed + 1 >= flow.GatesRequired && flow is { User: { } user, Home: { } home }
                ? await home.CheckAsync(db, user, flow.Origin, cancellation) as RequestAdding.Added
                : null;
        if (!await flows.PassAsync(db, flow, gate, key, check?.Id, cancellation))
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
}
