using Portal.Agents;
using Portal.Audit;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Audit;

namespace PortalApp.Writeback;

/// <summary>The agents' calls about requests: claim, outcome, and what is still missing.</summary>
internal static class WritebackEndpoints
{
    public static void MapWriteback(this IEndpointRouteBuilder app)
    {
        app.MapPost(
                AgentApi.Claim,
                (HttpContext context, AgentCalls calls, RequestStore requests) =>
                    calls.HandleAsync<ClaimRequest>(context, call => ClaimAsync(call, requests))
            )
            .DisableAntiforgery();
        app.MapPost(
                AgentApi.Outcome,
                (HttpContext context, AgentCalls calls, RequestStore requests, AuditLog audit) =>
                    calls.HandleAsync<OutcomeRequest>(context, call => OutcomeAsync(call, requests, audit))
            )
            .DisableAntiforgery();
        app.MapPost(
                AgentApi.Pending,
                (HttpContext context, AgentCalls calls, RequestStore requests) =>
                    calls.HandleAsync<PendingRequest>(
                        context,
                        async call =>
                            Results.Json(
                                new PendingResponse(await requests.PendingAsync(call.Agent.Tenant, call.Agent.Id, call.Aborted)),
                                AgentCalls.Json
                            )
                    )
            )
            .DisableAntiforgery();
    }

    private static async Task<IResult> ClaimAsync(AgentCall<ClaimRequest> call, RequestStore requests)
    {
        var left = await requests.ClaimAsync(
            call.Agent.Tenant,
            call.Agent.Id,
            new RequestId(call.Body.Request),
            call.Body.Attempt,
            call.Aborted
        );
        return Results.Json(new ClaimResponse(left is not null, left ?? 0), AgentCalls.Json);
    }

    private static async Task<IResult> OutcomeAsync(AgentCall<OutcomeRequest> call, RequestStore requests, AuditLog audit)
    {
        var id = new RequestId(call.Body.Request);
        var accepted = await requests.TryEndAsync(
            call.Agent.Tenant,
            call.Agent.Id,
            id,
            call.Body.Attempt,
            call.Body.Result,
            CancellationToken.None
        );
        if (!accepted && !await IsKnownRepeatAsync(call, requests, id))
        {
            await audit.WriteAsync(
                AuditEventId.OutcomeRefused,
                call.Agent.Tenant,
                call.Agent.Id,
                Shorten(id.Value),
                cancellation: call.Aborted
            );
        }

        return Results.Json(new OutcomeResponse(accepted), AgentCalls.Json);
    }

    /// <summary>An agent re-sends until it hears that the portal has its outcome: the same once more is no alarm.</summary>
    private static async Task<bool> IsKnownRepeatAsync(AgentCall<OutcomeRequest> call, RequestStore requests, RequestId id) =>
        await requests.FindAsync(call.Agent.Tenant, id, call.Aborted) is { } row
        && (row.GrantedTo is null || row.GrantedTo == call.Agent.Id)
        && RequestStore.ResultOf(row) is { } held
        && held.GetType() == call.Body.Result.GetType();

    private static string Shorten(string id) => id.Length > 64 ? id[..64] : id;
}
