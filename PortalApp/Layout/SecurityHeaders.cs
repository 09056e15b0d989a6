namespace PortalApp.Layout;

/// <summary>What every response carries, errors too (H98), and the requests that are refused before anything else sees them.</summary>
internal static class SecurityHeaders
{
    /// <summary>A year; written by hand because the framework's own leaves loopback out.</summary>
    private const string Hsts = "max-age=31536000";

    public const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self'; img-src 'self' data:; "
        + "font-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            static (http, next) =>
            {
                Write(http.Response.Headers);
                http.Response.OnStarting(static state => Finish((HttpContext)state), http);
                return next(http);
            }
        );

    /// <summary>No TRACE.</summary>
    public static IApplicationBuilder UseClosedPaths(this IApplicationBuilder app) =>
        app.Use(
            static (http, next) =>
            {
                if (!HttpMethods.IsTrace(http.Request.Method))
                {
                    return next(http);
                }

                http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                return Task.CompletedTask;
            }
        );

    private static void Write(IHeaderDictionary headers)
    {
        headers.StrictTransportSecurity = Hsts;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }

    private static Task Finish(HttpContext http)
    {
        var headers = http.Response.Headers;
        // An error handler empties the headers before it writes.
        Write(headers);
        if (http.GetEndpoint()?.Metadata.GetMetadata<PageContentPolicy>() is { } own)
        {
            headers.ContentSecurityPolicy = own.Value;
        }

        headers.Remove("X-Frame-Options");
        if (!IsOurFile(http))
        {
            headers.CacheControl = "no-store";
            headers.Remove("Pragma");
        }

        // After a form the next page is fetched, whatever sent the browser there.
        if (HttpMethods.IsPost(http.Request.Method) && http.Response.StatusCode == StatusCodes.Status302Found)
        {
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
        }

        return Task.CompletedTask;
    }

    /// <summary>Style sheet, script or widget: the same for everybody.</summary>
    private static bool IsOurFile(HttpContext http) =>
        http.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified
        && http.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is not null;
}
