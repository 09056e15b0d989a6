using Portal.Relay;
using PortalApp.Data;
using PortalApp.Layout.Languages;

namespace PortalApp.Layout;

internal static class LayoutServices
{
    /// <summary>Beside those of the relay.</summary>
    private const int MaxConnections = 10_000;

    /// <summary>Static pages only: a circuit would hold memory for each stranger.</summary>
    public static WebApplicationBuilder AddLayout(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A browser's headers are there at once, and take some two thousand bytes; whoever is slower only holds a place.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 60;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            // One that waits costs some forty kilobytes, most of them OpenSSL's; the relay counts its own, and is never short of one of these.
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections =
                RelayLimits.MaxConnections + RelayLimits.MaxHandshakes + RelayLimits.ReservedHandshakes;
        });
        builder.Services.AddLanguages();
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
        app.UseRequestLocalization();
        app.UseProblemPages();
        app.UseClosedPaths();
        app.UseHeadRequests();
        app.UseMiddleware<LinksFromElsewhere>();
        app.UseRouting();
        app.UseAuthentication();
        // Before the forms: an antiforgery value belongs to who is signed in.
        app.UseAuthorization();
        app.UseMiddleware<PostGuard>();
        app.UseAntiforgery();
        return app;
    }

    /// <summary>All pages of the house; those that are mapped elsewhere are left out by the caller.</summary>
    public static RazorComponentsEndpointConventionBuilder MapPages(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapGet("/", static () => TypedResults.Redirect("/sign-in"));
        return app.MapRazorComponents<App>();
    }
}
