using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PortalApp.Layout;

/// <summary>Gives a browser a page of the house where an answer would be a bare status, and where something broke (H100: no trace, no version).</summary>
internal static class ProblemPages
{
    public static IApplicationBuilder UseProblemPages(this IApplicationBuilder app)
    {
        app.Use(
            static async (http, next) =>
            {
                await next(http);
                if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null } && IsForReading(http.Request))
                {
                    await ShowAsync(http, http.Response.StatusCode);
                }
            }
        );
        return app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandler = static http =>
                {
                    var failure = http.Features.Get<IExceptionHandlerFeature>()?.Error;
                    http.Response.StatusCode = failure is BadHttpRequestException bad
                        ? bad.StatusCode
                        : StatusCodes.Status500InternalServerError;
                    return IsForReading(http.Request) ? ShowAsync(http, http.Response.StatusCode) : Task.CompletedTask;
                },
                AllowStatusCode404Response = true,
            }
        );
    }

    private static Task ShowAsync(HttpContext http, int status) =>
        new RazorComponentResult<ProblemDocument>(new Dictionary<string, object?> { [nameof(ProblemDocument.Status)] = status })
        {
            StatusCode = status,
        }.ExecuteAsync(http);

    private static bool IsForReading(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
