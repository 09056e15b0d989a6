namespace PortalApp.Audit;

/// <summary>A refusal for a program: problem details (RFC 9457), and a line in the log with what the caller may not know.</summary>
/// <param name="title">What is wrong and what to do, for the caller.</param>
/// <param name="why">For the log alone; the title where there is no more to say.</param>
internal sealed class ProblemAnswer(int status, string title, string? why = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var logger = httpContext.RequestServices.GetRequiredService<ILogger<ProblemAnswer>>();
        var path = httpContext.Request.Path;
        httpContext
            .RequestServices.GetRequiredService<LogPerMinute>()
            .Say($"call of {RouteOf(httpContext)} {status}", more => logger.CallRefused(path, status, why ?? title, more));
        return Results.Problem(statusCode: status, title: title).ExecuteAsync(httpContext);
    }

    private static string? RouteOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
}
