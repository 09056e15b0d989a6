using Portal.Agents;
using Portal.Audit;
using Portal.Gates;
using PortalApp.Audit;
using PortalApp.Gates;

namespace PortalApp.Agents;

internal static class AgentEndpoints
{
    private const int WrongCodesPerHour = 20;
    private const int AlarmsPerHour = 60;

    public static void MapAgents(this IEndpointRouteBuilder app)
    {
        app.MapPost(AgentApi.Enrol, EnrolAsync).DisableAntiforgery();
        app.MapPost(
                AgentApi.Hello,
                (HttpContext context, AgentCalls calls, AgentStore agents, AgentEnrolment enrolment) =>
                    calls.HandleAsync<HelloRequest>(context, call => HelloAsync(call, agents, enrolment))
            )
            .DisableAntiforgery();
        app.MapPost(
                AgentApi.Alarm,
                (HttpContext context, AgentCalls calls, AuditLog audit, GateThrottle throttle) =>
                    calls.HandleAsync<AlarmRequest>(context, call => AlarmAsync(call, audit, throttle))
            )
            .DisableAntiforgery();
    }

    private static async Task<IResult> EnrolAsync(HttpContext context, AgentCalls calls, AgentEnrolment enrolment, GateThrottle throttle)
    {
        var network = NetworkPrefix.Of(context.Connection.RemoteIpAddress).Value;
        if (!await throttle.TakeAsync($"enrol:{network}", WrongCodesPerHour, TimeSpan.FromHours(1), context.RequestAborted))
        {
            return Results.Problem(
                statusCode: StatusCodes.Status429TooManyRequests,
                title: "Too many enrolments from this network; try in an hour."
            );
        }

        var (request, refusal) = await calls.ReadEnrolmentAsync(context);
        if (request is null)
        {
            return refusal!;
        }

        return await enrolment.EnrolAsync(request, network, context.RequestAborted) is { } answer
            ? Results.Json(answer, AgentCalls.Json)
            : Results.Problem(
                statusCode: StatusCodes.Status403Forbidden,
                title: "This code is wrong, used or over 15 minutes old; ask for a new one."
            );
    }

    private static async Task<IResult> HelloAsync(AgentCall<HelloRequest> call, AgentStore agents, AgentEnrolment enrolment)
    {
        await agents.SeenAsync(call.Agent.Id, call.Body.Version, call.Aborted);
        var recipients = await agents.RecipientsAsync(call.Agent.Tenant, call.Aborted);
        var own = (await agents.ListAsync(call.Agent.Tenant, call.Aborted)).Single(a => a.Id == call.Agent.Id);
        var kid = own.Keys.Where(k => k.Use == AgentKeyUse.Encryption).OrderByDescending(k => k.Generation).First().Kid;
        var keys = await enrolment.SealKeysAsync(call.Agent.Tenant, recipients.Single(r => r.Kid == kid).Key, call.Aborted);
        return Results.Json(new HelloResponse(call.Agent.Tenant.Value, keys), AgentCalls.Json);
    }

    private static async Task<IResult> AlarmAsync(AgentCall<AlarmRequest> call, AuditLog audit, GateThrottle throttle)
    {
        if (await throttle.TakeAsync($"alarm:{call.Agent.Id}", AlarmsPerHour, TimeSpan.FromHours(1), call.Aborted))
        {
            var id = call.Body.Kind == "rate-capped" ? AuditEventId.RateCapped : AuditEventId.ForgedMessage;
            await audit.WriteAsync(
                id,
                call.Agent.Tenant,
                call.Agent.Id,
                detail: $"{call.Body.Kind}: {call.Body.Detail}",
                cancellation: call.Aborted
            );
        }

        return Results.Json(new OutcomeResponse(Accepted: true), AgentCalls.Json);
    }
}
