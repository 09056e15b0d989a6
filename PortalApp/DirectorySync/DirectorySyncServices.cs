using Portal.Agents;
using Portal.DirectorySync;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Throttle;

namespace PortalApp.DirectorySync;

internal static class DirectorySyncServices
{
    public static IHostApplicationBuilder AddDirectorySync(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SyncImport>();
        return builder;
    }

    public static void MapDirectorySync(this IEndpointRouteBuilder app) =>
        app.MapPost(
            AgentApi.Sync,
            (HttpContext context, AgentCalls calls, SyncImport import, Limits limits) =>
                calls.HandleAsync<SyncBatch>(context, call => ImportAsync(call, import), AgentApi.MaxBodyBytes, limits.BatchesOfAgent)
        );

    private static async Task<IResult> ImportAsync(AgentCall<SyncBatch> call, SyncImport import)
    {
        var (agent, batch) = (call.Agent, call.Body);
        return IsSound(batch)
            ? Results.Json(await import.ImportAsync(agent.Tenant, agent.Id, batch, call.Aborted), WireJson.Options)
            : new ProblemAnswer(
                StatusCodes.Status400BadRequest,
                $"A batch has at most {SyncImport.MaxObjects} objects and gone ones, of one named connector."
            );
    }

    private static bool IsSound(SyncBatch batch) =>
        batch.Objects.Count + (batch.Gone?.Count ?? 0) <= SyncImport.MaxObjects
        && batch.Objects.All(o => o is not null)
        && (batch.Gone ?? []).All(anchor => anchor is not null)
        && ConnectorName.IsOne(batch.Connector);
}
