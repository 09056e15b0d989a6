using System.Buffers.Text;
using Portal.Agents;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Writeback.Requests;

namespace PortalApp.Writeback;

/// <summary>The agents' calls about requests: claim, outcome, and what is still missing.</summary>
internal static class WritebackEndpoints
{
    private const int IdChars = 22;
    private const int MaxDetailChars = 1000;

    /// <summary>Of a stored result; a real one is far below.</summary>
    private const int MaxResultChars = 8 * 1024;

    public static void MapWriteback(this IEndpointRouteBuilder app)
    {
        app.MapPost(
            AgentApi.Claim,
            (HttpContext context, AgentCalls calls, RequestStore requests) =>
                calls.HandleAsync<ClaimRequest>(context, call => ClaimAsync(call, requests))
        );
        app.MapPost(
            AgentApi.Outcome,
            (HttpContext context, AgentCalls calls, HealthQuestions questions, RequestStore requests, AuditLog audit) =>
                calls.HandleAsync<OutcomeRequest>(context, call => OutcomeAsync(call, questions, requests, audit))
        );
        app.MapPost(
            AgentApi.Pending,
            (HttpContext context, AgentCalls calls, RequestStore requests) =>
                calls.HandleAsync<PendingRequest>(context, call => PendingAsync(call, requests))
        );
    }

    private static async Task<IResult> ClaimAsync(AgentCall<ClaimRequest> call, RequestStore requests)
    {
        var (agent, claim) = (call.Agent, call.Body);
        if (!IsId(claim.Request) || !IsId(claim.Attempt))
        {
            return AgentCalls.Malformed();
        }

        var left = await requests.ClaimAsync(agent.Tenant, agent.Id, new RequestId(claim.Request), claim.Attempt, call.Aborted);
        return Results.Json(new ClaimResponse(left is not null, left ?? 0), WireJson.Options);
    }

    /// <summary>Not cancelled by an agent that goes away: what reached the portal is kept.</summary>
    private static async Task<IResult> OutcomeAsync(
        AgentCall<OutcomeRequest> call,
        HealthQuestions questions,
        RequestStore requests,
        AuditLog audit
    )
    {
        var (agent, outcome) = (call.Agent, call.Body);
        if (!IsId(outcome.Request) || (outcome.Attempt is not null && !IsId(outcome.Attempt)) || Tidy(outcome.Result) is not { } result)
        {
            return AgentCalls.Malformed();
        }

        var id = new RequestId(outcome.Request);
        if (questions.Take(agent.Tenant, id, result) is { } waitedFor)
        {
            return Results.Json(new OutcomeResponse(waitedFor), WireJson.Options);
        }

        var effect = await requests.TakeAsync(agent.Tenant, agent.Id, id, outcome.Attempt, result, CancellationToken.None);
        // That an agent is well answers no request: it is late by more than a minute, or was asked by a portal that was restarted meanwhile.
        if (effect is OutcomeEffect.Refused && result is not WritebackResult.Healthy)
        {
            await audit.WriteAsync(
                new(AuditEventId.OutcomeRefused, agent.Tenant, Actor.Agent(agent.Id))
                {
                    Subject = AuditSubject.Agent(agent.Id),
                    Request = id.Value,
                    Outcome = result.GetType().Name,
                },
                call.Aborted
            );
        }

        var accepted = effect is OutcomeEffect.Ends or OutcomeEffect.Resolves or OutcomeEffect.Held;
        return Results.Json(new OutcomeResponse(accepted), WireJson.Options);
    }

    private static async Task<IResult> PendingAsync(AgentCall<PendingRequest> call, RequestStore requests) =>
        Results.Json(new PendingResponse(await requests.PendingAsync(call.Agent.Tenant, call.Agent.Id, call.Aborted)), WireJson.Options);

    /// <summary>
    /// With a bounded detail, and a reason of a newer agent as <see cref="WritebackReason.Unrecognised"/>, its number in the detail; null for what
    /// never was a reason, or for more than any real outcome says.
    /// </summary>
    private static WritebackResult? Tidy(WritebackResult result)
    {
        var tidy = result switch
        {
            WritebackResult.Rejected { Rules.Names: var names } when names.Any(n => n is null) => null,
            WritebackResult.Rejected r when Tidy(r.Reason, r.Detail) is var (reason, detail) => r with { Reason = reason, Detail = detail },
            WritebackResult.NotAttempted n when Tidy(n.Reason, n.Detail) is var (reason, detail) => n with
            {
                Reason = reason,
                Detail = detail,
            },
            WritebackResult.Unknown u when Tidy(u.Reason, u.Detail) is var (reason, detail) => u with { Reason = reason, Detail = detail },
            WritebackResult.Rejected or WritebackResult.NotAttempted or WritebackResult.Unknown => null,
            WritebackResult.Verified(var state) when !Enum.IsDefined(state) => new WritebackResult.NotAttempted(
                WritebackReason.Unrecognised,
                $"state {(int)state}"
            ),
            WritebackResult.Explained explained
                when explained.Links.Any(link => link is null) || explained.Rules?.Names.Any(n => n is null) == true => null,
            WritebackResult.Settable { Rules.Names: var names } when names.Any(n => n is null) => null,
            _ => result,
        };
        return tidy is null || OutcomeRules.Write(tidy).Length > MaxResultChars ? null : tidy;
    }

    private static (WritebackReason Reason, string? Detail)? Tidy(WritebackReason reason, string? detail) =>
        !reason.IsNumbered() ? null
        : Enum.IsDefined(reason) ? (reason, Shorten(detail))
        : (WritebackReason.Unrecognised, Shorten($"reason {(int)reason}: {detail}"));

    private static string? Shorten(string? detail) => detail is { Length: > MaxDetailChars } ? detail[..MaxDetailChars] : detail;

    /// <summary>128 bits as base64url, as <see cref="RequestId.New"/> writes them.</summary>
    private static bool IsId(string text) => text.Length == IdChars && Base64Url.IsValid(text);
}
