using Portal.Agents;
using Portal.DirectorySync;
using PortalApp.Agents;

namespace PortalApp.DirectorySync;

internal static class DirectorySyncServices
{
    private const int MaxConnectorLength = 255;

    public static IHostApplicationBuilder AddDirectorySync(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SyncImport>();
        return builder;
    }

    public static void MapDirectorySync(this IEndpointRouteBuilder app) =>
        app.MapPost(
                AgentApi.Sync,
                (HttpContext context, AgentCalls calls, SyncImport import) =>
                    calls.HandleAsync<SyncBatch>(
                        context,
                        async call =>
                            call.Body.Objects.Count > SyncImport.MaxObjects || call.Body.Connector.Length is 0 or > MaxConnectorLength
                                ? Results.Problem(
                                    statusCode: StatusCodes.Status400BadRequest,
                                    title: $"A batch has at most {SyncImport.MaxObjects} objects, of one named connector."
                                )
                                : Results.Json(
                                    await import.ImportAsync(call.Agent.Tenant, call.Agent.Id, call.Body, call.Aborted),
                                    AgentCalls.Json
                                )
                    )
            )
            .DisableAntiforgery();
}
