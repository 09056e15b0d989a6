using PortalApp.Data;

namespace PortalApp.Layout;

internal static class LayoutServices
{
    /// <summary>Static pages only: a circuit would hold memory for each stranger.</summary>
    public static WebApplicationBuilder AddLayout(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddLocalization();
        builder.Services.AddRazorComponents();
        builder.Services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "__Host-antiforgery";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.Path = "/";
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        return builder;
    }

    /// <summary>First of all, so that every answer of every slice carries the headers.</summary>
    public static WebApplication UseLayout(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseSecurityHeaders();
        app.UseProblemPages();
        app.UseClosedPaths();
        app.UseHeadRequests();
        app.UseMiddleware<LinksFromElsewhere>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<PostGuard>();
        app.UseAntiforgery();
        return app;
    }

    public static WebApplication MapPages(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorComponents<App>();
        app.MapGet("/", static () => TypedResults.Redirect("/sign-in"));
        return app;
    }
}
