using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.SignalR;
using MudBlazor.Services;
using PortalApp.Layout;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.Desk;

/// <summary>
/// The desk's pages are interactive and mapped apart from strangers' pages, which stay static: a component is of the desk if one of its policies
/// guards it.
/// </summary>
internal static class DeskPages
{
    /// <summary>MudBlazor's components write <c>style</c> attributes, and nothing else that is not in a file of ours.</summary>
    private const string ContentPolicy = SecurityHeaders.ContentPolicy + "; style-src-elem 'self'; style-src-attr 'unsafe-inline'";

    public static IHostApplicationBuilder AddDesk(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services
            .AddRazorComponents()
            .AddInteractiveServerComponents(circuits =>
            {
                circuits.DisconnectedCircuitMaxRetained = 50;
                circuits.DetailedErrors = false;
            })
            .AddHubOptions(hub => hub.AddFilter<CircuitOwners>());
        services.AddMemoryCache();
        services.AddSingleton<CircuitOwners>();
        services.AddCascadingAuthenticationState();
        services.AddMudServices();
        services.AddAuthorizationBuilder().AddDesk();
        services.AddSingleton<CircuitCount>();
        services.AddScoped<DeskCircuit>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<DeskCircuit>());
        services.AddScoped<DeskPerson>();
        services.AddSingleton(provider => new Lazy<Task<DeskSheet>>(() => DeskSheet.MakeAsync(provider)));
        return builder;
    }

    public static WebApplication MapDesk(this WebApplication app)
    {
        app.MapGet("/desk-theme.{version}.css", SheetAsync);
        app.MapRazorComponents<DeskApp>()
            .AddInteractiveServerRenderMode(server =>
            {
                server.ContentSecurityFrameAncestorsPolicy = null;
                server.DisableWebSocketCompression = true;
            })
            .Add(endpoint =>
            {
                if (PageOf(endpoint) is not { } page)
                {
                    return;
                }

                if (DeskAccess.LeastOf(page) is not { } least)
                {
                    endpoint.Metadata.Add(new SuppressMatchingMetadata());
                    return;
                }

                endpoint.Metadata.Add(new PageContentPolicy(ContentPolicy));
                endpoint.Metadata.Add(SaysWhose(least));
            });
        return app;
    }

    /// <summary>For the map of strangers' pages.</summary>
    public static void LeaveOutDesk(EndpointBuilder endpoint)
    {
        if (PageOf(endpoint) is { } page && DeskAccess.LeastOf(page) is not null)
        {
            endpoint.Metadata.Add(new SuppressMatchingMetadata());
        }
    }

    private static Type? PageOf(EndpointBuilder endpoint) => endpoint.Metadata.OfType<ComponentTypeMetadata>().SingleOrDefault()?.Type;

    /// <summary>Tells somebody with a session whom the page is for.</summary>
    public static ForbiddenPage SaysWhose(Role least) =>
        new(http =>
            http.Features.Get<SignedIn>() is not { } me
                ? null
                : new RazorComponentResult<NotForRole>(
                    new Dictionary<string, object?>
                    {
                        [nameof(NotForRole.Least)] = least.ToString(),
                        [nameof(NotForRole.HasDesk)] = me.Role > Role.User,
                    }
                )
                {
                    StatusCode = StatusCodes.Status403Forbidden,
                }
        );

    private static async Task<IResult> SheetAsync(HttpContext http, Lazy<Task<DeskSheet>> sheet)
    {
        var made = await sheet.Value;
        if (http.Request.Path != made.Path)
        {
            return TypedResults.NotFound();
        }

        return TypedResults.Bytes(made.Css, "text/css");
    }
}
