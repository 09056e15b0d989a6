using System.Text.Encodings.Web;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using PortalApp.Data;

namespace PortalApp.Layout;

/// <summary>
/// A link on another site brings none of our strict cookies, so the page behind it would put a new antiforgery value in the place of the one
/// that a form in another tab needs. Such a link is answered by a page that leads to the same address from here, with all the cookies.
/// </summary>
internal sealed class LinksFromElsewhere(RequestDelegate next, IOptions<PortalOptions> options, IStringLocalizer<LayoutTexts> texts)
{
    /// <summary>A browser that does not say where it comes from (Safari before 16.4) is let through as it is.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        if (!IsLinkFromElsewhere(http.Request))
        {
            return next(http);
        }

        // The origin is said, because a path such as //evil.example alone would be another host.
        var here = options.Value.Origin + http.Request.Path.ToUriComponent() + http.Request.QueryString.ToUriComponent();
        http.Response.Headers["Refresh"] = $"0;url={here}";
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(
            $"<!DOCTYPE html><html lang=\"{texts["Language"]}\"><title>{Encoded(texts["PortalName"])}</title>"
                + $"<p><a href=\"{Encoded(here)}\">{Encoded(texts["GoOn"])}</a></p></html>"
        );
    }

    private static bool IsLinkFromElsewhere(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Site"] == "cross-site"
        && request.Headers["Sec-Fetch-Mode"] == "navigate"
        && request.Headers["Sec-Fetch-Dest"] == "document";

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(text);
}
