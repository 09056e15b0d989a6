using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging.Abstractions;
using PortalApp.Captcha;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Captcha;

/// <summary>A page that holds nothing but a form with the captcha, under the strict policy of the portal's public pages.</summary>
internal static class CaptchaPage
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self'; img-src 'self' data:; "
        + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static void Map(WebApplication app)
    {
        app.UseStaticFiles(
            new StaticFileOptions { FileProvider = new PhysicalFileProvider(Path.Combine(Repository.Root, "PortalApp", "wwwroot")) }
        );
        app.MapGet("/page", (Delegate)ShowAsync);
        app.MapPost(
            "/page",
            async (HttpRequest request, CaptchaVerifier captcha, CancellationToken cancellation) =>
            {
                var form = await request.ReadFormAsync(cancellation);
                var verdict = await captcha.VerifyAsync(form["altcha"], cancellation);
                return Results.Text(
                    $"<!doctype html><title>After</title><link rel=icon href=\"data:,\"><p id=verdict>{verdict.GetType().Name}</p>",
                    MediaTypeNames.Text.Html
                );
            }
        );
    }

    private static async Task<IResult> ShowAsync(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        await using var renderer = new HtmlRenderer(context.RequestServices, NullLoggerFactory.Instance);
        var field = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<CaptchaField>(ParameterView.Empty)).ToHtmlString()
        );
        var html = $"""
            <!doctype html><html lang="en"><head><title>Captcha</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
            <link rel="stylesheet" href="/portal.css"></head><body><main class="page"><div class="card"><h1>Reset your password</h1>
            <form method="post"><div class="field"><label for="user">User ID</label><input type="text" id="user" name="user"></div>
            {field}<button class="button" type="submit">Next</button></form></div></main></body></html>
            """;
        return Results.Text(html, MediaTypeNames.Text.Html);
    }
}
