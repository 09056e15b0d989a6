using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;
using PortalApp.Audit;

namespace PortalApp.Layout;

/// <summary>
/// Gives a browser a page of the house, and a program problem details (RFC 9457), where an answer would be a bare status, and where something
/// broke (H100: no trace, no version).
/// </summary>
internal static class ProblemPages
{
    public static IApplicationBuilder UseProblemPages(this IApplicationBuilder app)
    {
        app.Use(
            static async (http, next) =>
            {
                await next(http);
                if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
                {
                    Log(http, http.Response.StatusCode);
                    await ShowAsync(http, http.Response.StatusCode);
                }
            }
        );
        return app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandler = static http => HasHungUp(http) ? LetGo(http) : ShowAsync(http, StatusOf(http)),
                AllowStatusCode404Response = true,
                // The caller's mistake, not ours.
                SuppressDiagnosticsCallback = static broken => broken.Exception is BadHttpRequestException || HasHungUp(broken.Exception),
            }
        );
    }

    private static bool HasHungUp(HttpContext http) => HasHungUp(http.Features.Get<IExceptionHandlerFeature>()?.Error);

    /// <summary>The connection was cut, by whichever side, while the request was read.</summary>
    private static bool HasHungUp(Exception? why) =>
        why is ConnectionResetException or ConnectionAbortedException
        || (why is IOException { InnerException: { } inner } && HasHungUp(inner));

    private static Task LetGo(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    private static int StatusOf(HttpContext http)
    {
        if (http.Features.Get<IExceptionHandlerFeature>()?.Error is not BadHttpRequestException bad)
        {
            return StatusCodes.Status500InternalServerError;
        }

        Log(http, bad.StatusCode);
        return bad.StatusCode;
    }

    private static void Log(HttpContext http, int status)
    {
        var logger = http.RequestServices.GetRequiredService<ILogger<ProblemDocument>>();
        var (method, path) = (http.Request.Method.OnOneLine(), http.Request.Path.Value.OnOneLine());
        http.RequestServices.GetRequiredService<LogPerMinute>()
            .Say(
                $"page {status}",
                more =>
                {
                    if (status == StatusCodes.Status404NotFound)
                    {
                        logger.NoSuchPage(method, path, more);
                    }
                    else
                    {
                        logger.RequestRefused(method, path, status, more);
                    }
                }
            );
    }

    private static Task ShowAsync(HttpContext http, int status)
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return Task.CompletedTask;
        }

        return IsForReading(http.Request) ? PageAsync(http, status) : ProblemAsync(http, status);
    }

    private static Task ProblemAsync(HttpContext http, int status)
    {
        var texts = http.RequestServices.GetRequiredService<IStringLocalizer<LayoutTexts>>();
        var saying = ProblemDocument.SayingOf(status);
        return Results
            .Problem(statusCode: status, title: texts[$"Problem{saying}Heading"], detail: texts[$"Problem{saying}Text"])
            .ExecuteAsync(http);
    }

    private static Task PageAsync(HttpContext http, int status) =>
        status == StatusCodes.Status403Forbidden && http.GetEndpoint()?.Metadata.GetMetadata<ForbiddenPage>()?.Of(http) is { } own
            ? own.ExecuteAsync(http)
            : ProblemPageAsync(http, status);

    private static Task ProblemPageAsync(HttpContext http, int status) =>
        new RazorComponentResult<ProblemDocument>(new Dictionary<string, object?> { [nameof(ProblemDocument.Status)] = status })
        {
            StatusCode = status,
        }.ExecuteAsync(http);

    private static bool IsForReading(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
