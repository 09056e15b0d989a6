using System.Diagnostics;
using Portal.Policy;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.PasswordReset.Flows;
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
internal sealed class FinishStep(WritebackClient writeback, AuditLog audit, ILogger<FinishStep> logger)
{
    /// <summary>Not cancelled by a browser that goes away: what was begun is carried to its end.</summary>
    public async Task<FinishAnswer> FinishAsync(StandingFlow flow, string typed, string confirmed)
    {
        if (flow is not { Stage: ResetStage.ChoosePassword choose, User: { } user })
        {
            return new FinishAnswer.SeeResult();
        }

        var differ = !typed.Equals(confirmed, StringComparison.Ordinal);
        switch (choose.Rules.Judge(typed))
        {
            case PolicyVerdict.Rejected rejected:
                logger.PasswordRefused(flow.Row.Trace, string.Join(", ", rejected.Reasons));
                return new FinishAnswer.Wrong(rejected.Reasons, differ && typed.Length > 0);
            case PolicyVerdict.Accepted when differ:
                logger.PasswordRefused(flow.Row.Trace, "the two differ");
                return new FinishAnswer.Wrong([], true);
            case PolicyVerdict.Accepted accepted:
                return await SendAsync(flow, new CloudAnchor(user.Id), accepted.Password);
            default:
                throw new UnreachableException();
        }
    }

    private async Task<FinishAnswer> SendAsync(StandingFlow flow, CloudAnchor anchor, NewPassword password)
    {
        var row = flow.Row;
        SendResult sent;
        try
        {
            sent = await writeback.SendAsync(
                row.Tenant,
                anchor,
                RequestKind.Reset,
                password,
                (db, attempt) => FlowStore.AttemptAsync(db, flow, attempt, CancellationToken.None),
                CancellationToken.None
            );
        }
        catch (FlowMovedOnException)
        {
            return new FinishAnswer.SeeResult();
        }

        switch (sent)
        {
            case SendResult.Sent { Id: var request }:
                logger.Sent(row.Trace, request);
                await audit.WriteAsync(AuditEventId.ResetBegun, row.Tenant, row.Subject, request.Value, row.Trace, row.Network);
                return new FinishAnswer.SeeResult();
            case SendResult.AlreadyOpen:
                logger.PasswordRefused(row.Trace, "another request for the account is open");
                return new FinishAnswer.Busy();
            default:
                return new FinishAnswer.SeeResult();
        }
    }
}
