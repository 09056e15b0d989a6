using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Policy;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.PasswordReset.Flows;
using PortalApp.Passwords;
using PortalApp.Writeback;

namespace PortalApp.PasswordReset;

/// <summary>What came of "Finish". Closed: the three cases below.</summary>
internal abstract record FinishAnswer
{
    private FinishAnswer() { }

    /// <summary>Sent, or the flow is not where the form thought it was: the result page tells.</summary>
    public sealed record SeeResult : FinishAnswer;

    /// <summary>Another request for the same account is open: this flow's own, from another tab, or another flow's.</summary>
    public sealed record Busy : FinishAnswer;

    /// <param name="Reasons">Why the new password cannot be set; empty where only the two differ.</param>
    public sealed record Wrong(IReadOnlyList<RuleBroken> Reasons, bool Differ) : FinishAnswer;
}

/// <summary>The last step. Sends at most one writing request for each press of the button, and none where a gate is missing (H21–H23).</summary>
internal sealed class FinishStep(
    IDbContextFactory<PortalDb> databases,
    OnPremisesHome directory,
    AuditLog audit,
    ILogger<FinishStep> logger
)
{
    /// <summary>Not cancelled by a browser that goes away: what was begun is carried to its end.</summary>
    public async Task<FinishAnswer> FinishAsync(StandingFlow flow, string typed, string confirmed)
    {
        if (flow is not { Stage: ResetStage.ChoosePassword choose, User: { } user, Home: { } home })
        {
            return new FinishAnswer.SeeResult();
        }

        var differ = !typed.Equals(confirmed, StringComparison.Ordinal);
        switch (await home.JudgeAsync(user, choose.Rules, typed, CancellationToken.None))
        {
            case PolicyVerdict.Rejected rejected:
                logger.PasswordRefused(flow.Row.Trace, string.Join(", ", rejected.Reasons));
                return new FinishAnswer.Wrong(rejected.Reasons, differ && typed.Length > 0);
            case PolicyVerdict.Accepted when differ:
                logger.PasswordRefused(flow.Row.Trace, "the two differ");
                return new FinishAnswer.Wrong([], true);
            case PolicyVerdict.Accepted accepted:
                return await SendAsync(
                    flow,
                    FlowPurpose.Reset,
                    db => home.SetAsync(db, user, accepted.Password, flow.Origin, CancellationToken.None)
                );
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The account's lock is ended and its password stays, after the same gates. Only a directory tells of a lock.</summary>
    public async Task<FinishAnswer> UnlockAsync(StandingFlow flow) =>
        flow is { MayUnlock: true, User: { } user }
            ? await SendAsync(flow, FlowPurpose.Unlock, db => directory.UnlockAsync(db, user, flow.Origin, CancellationToken.None))
            : new FinishAnswer.SeeResult();

    private async Task<FinishAnswer> SendAsync(StandingFlow flow, FlowPurpose purpose, Func<PortalDb, Task<RequestAdding>> ask)
    {
        var row = flow.Row;
        await using var db = await databases.CreateDbContextAsync();
        await db.RelaxAsync(CancellationToken.None);
        await using var all = await db.Database.BeginTransactionAsync();
        if (await ask(db) is not RequestAdding.Added added)
        {
            logger.PasswordRefused(row.Trace, "another request for the account is open");
            return new FinishAnswer.Busy();
        }

        if (!await FlowStore.AttemptAsync(db, flow, purpose, added.Id, CancellationToken.None))
        {
            return new FinishAnswer.SeeResult();
        }

        await all.CommitAsync();
        if (await added.Send())
        {
            logger.Sent(row.Trace, added.Id);
            await audit.WriteAsync(
                new(purpose == FlowPurpose.Unlock ? AuditEventId.UnlockBegun : AuditEventId.ResetBegun, row.Tenant, Actor.User(row.Subject))
                {
                    Subject = AuditSubject.User(row.Subject),
                    Request = added.Id.Value,
                    Trace = row.Trace,
                    Network = row.Network,
                },
                CancellationToken.None
            );
        }

        return new FinishAnswer.SeeResult();
    }
}
