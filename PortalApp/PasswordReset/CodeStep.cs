using Microsoft.EntityFrameworkCore;
using Portal.Gates;
using Portal.PasswordReset;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
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
internal sealed class CodeStep(IDbContextFactory<PortalDb> databases, FlowStore flows, WritebackClient writeback, GateThrottle throttle)
{
    public async Task<CodeAnswer> AnswerAsync(StandingFlow flow, string typed, CancellationToken cancellation)
    {
        if (flow is not { Stage: ResetStage.Gate, NextGate: { } gate })
        {
            return new CodeAnswer.MovedOn();
        }

        if (await gate.AnswerAsync(flow.Subject, typed, cancellation) is not GateAnswer.Passed and var refused)
        {
            return new CodeAnswer.NotPassed(refused);
        }

        var key = FlowCookie.NewKey();
        try
        {
            await PassAsync(flow, gate, key, cancellation);
        }
        catch (FlowMovedOnException)
        {
            return new CodeAnswer.MovedOn();
        }

        return new CodeAnswer.Passed(key);
    }

    /// <summary>Asks about the account once more, where nobody answered; as often as a flow may try passwords.</summary>
    public async Task CheckAgainAsync(StandingFlow flow, CancellationToken cancellation)
    {
        if (
            flow is not { Stage: ResetStage.NotReached, User: { } user }
            || !await throttle.TakeAsync($"checks/{flow.Row.Id}", ResetLimits.AttemptsPerFlow, ResetLimits.Hour, cancellation)
        )
        {
            return;
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
    }

    private async Task PassAsync(StandingFlow flow, IGate gate, string key, CancellationToken cancellation)
    {
        var isLast = flow.GatesPassed + 1 >= Math.Max(flow.Row.GatesRequired, flow.Tenant.GatesRequired);
        if (isLast && flow.User is { } user)
        {
            await writeback.SendAsync(
                flow.Row.Tenant,
                new CloudAnchor(user.Id),
                RequestKind.Check,
                null,
                (db, check) => flows.PassAsync(db, flow, gate, key, check, cancellation),
                cancellation
            );
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var all = await db.Database.BeginTransactionAsync(cancellation);
        await flows.PassAsync(db, flow, gate, key, null, cancellation);
        await all.CommitAsync(cancellation);
    }
}
