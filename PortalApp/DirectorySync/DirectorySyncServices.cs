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
        builder.Services.AddSingleton<GroupImport>();
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
                $"A batch has at most {SyncImport.MaxObjects} objects and gone ones and {GroupImport.MaxMembers} members of groups, of one named connector."
            );
    }

    private static bool IsSound(SyncBatch batch) =>
        batch.Objects.Count + (batch.Gone?.Count ?? 0) <= SyncImport.MaxObjects
        && batch.Objects.All(o => o is not null)
        && (batch.Gone ?? []).All(anchor => anchor is not null)
        && (batch.Groups ?? []).All(group => group is { Members: not null } && group.Members.All(anchor => anchor is not null))
        && (batch.Groups ?? []).Sum(group => group.Members.Count) <= GroupImport.MaxMembers
        && (batch.Groups?.Count ?? 0) + (batch.GoneGroups?.Count ?? 0) <= SyncImport.MaxObjects
        && (batch.GoneGroups ?? []).All(anchor => anchor is not null)
        && ConnectorName.IsOne(batch.Connector);
}
