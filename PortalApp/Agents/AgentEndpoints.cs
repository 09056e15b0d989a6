using System.Diagnostics;
using Portal.Agents;
using Portal.DirectorySync;
using PortalApp.Audit;
using PortalApp.Throttle;

namespace PortalApp.Agents;

internal static class AgentEndpoints
{
    public static void MapAgents(this IEndpointRouteBuilder app)
    {
        app.MapPost(AgentApi.Enrol, EnrolAsync);
        app.MapPost(
            AgentApi.Hello,
            (HttpContext context, AgentCalls calls, AgentHello hello, Limits limits) =>
                calls.HandleAsync<HelloRequest>(context, hello.AnswerAsync, most: limits.HellosOfAgent)
        );
        app.MapPost(
            AgentApi.Alarm,
            (HttpContext context, AgentCalls calls, AuditLog audit, ThrottleStore throttle, Limits limits) =>
                calls.HandleAsync<AlarmRequest>(context, call => AlarmAsync(call, audit, throttle, limits))
        );
        app.MapPost(
            AgentApi.SyncStanding,
            (HttpContext context, AgentCalls calls, SyncStandings standings, Limits limits) =>
                calls.HandleAsync<SyncStanding>(context, standings.TellAsync, AgentApi.MaxBodyBytes, limits.StandingsOfAgent)
        );
    }

    private static async Task<IResult> EnrolAsync(
        HttpContext context,
        AgentCalls calls,
        AgentEnrolment enrolment,
        ThrottleStore throttle,
        Limits limits
    )
    {
        var network = NetworkPrefix.Of(context.Connection.RemoteIpAddress);
        if (!await throttle.TakeAsync(limits.EnrolmentsOfNetwork, network, context.RequestAborted))
        {
            return new ProblemAnswer(
                StatusCodes.Status429TooManyRequests,
                "Too many enrolments from this network; try in an hour.",
                $"too many enrolments from {network}"
            );
        }

        var (request, refusal) = await calls.ReadEnrolmentAsync(context);
        return request is null
            ? refusal!
            : await enrolment.EnrolAsync(request, network.Value, context.RequestAborted) switch
            {
                EnrolmentAnswer.Enrolled enrolled => Results.Json(enrolled.Response, WireJson.Options),
                EnrolmentAnswer.Malformed => AgentCalls.Malformed(),
                EnrolmentAnswer.KeysInUse => new ProblemAnswer(
                    StatusCodes.Status409Conflict,
                    "These keys are an enrolled agent's already; let this one make its own."
                ),
                EnrolmentAnswer.WrongCode => new ProblemAnswer(
                    StatusCodes.Status403Forbidden,
                    "This code is wrong, used or over 15 minutes old; ask for a new one."
                ),
                _ => throw new UnreachableException(),
            };
    }

    /// <summary>Beyond the limit an alarm is taken and forgotten.</summary>
    private static async Task<IResult> AlarmAsync(AgentCall<AlarmRequest> call, AuditLog audit, ThrottleStore throttle, Limits limits)
    {
        var (agent, alarm) = (call.Agent, call.Body);
        if (await throttle.TakeAsync(limits.AlarmsOfAgent, agent.Id, call.Aborted))
        {
            await audit.WriteAsync(
                new(EventOf(alarm.Kind), agent.Tenant, Actor.Agent(agent.Id))
                {
                    Subject = AuditSubject.Agent(agent.Id),
                    Detail = $"{alarm.Kind}: {alarm.Detail}",
                },
                call.Aborted
            );
        }

        return Results.Json(new OutcomeResponse(Accepted: true), WireJson.Options);
    }

    private static AuditEventId EventOf(AlarmKind kind) =>
        kind switch
        {
            AlarmKind.RateCapped => AuditEventId.RateCapped,
            AlarmKind.ForgedMessage => AuditEventId.ForgedMessage,
            _ => AuditEventId.AgentAlarm,
        };
}
