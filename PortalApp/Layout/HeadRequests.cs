using Microsoft.AspNetCore.Http.Features;

namespace PortalApp.Layout;

internal static class HeadRequests
{
    /// <summary>Answers HEAD as GET but for the body (RFC 9110 §9.3.2): pages and endpoints know GET alone.</summary>
    public static IApplicationBuilder UseHeadRequests(this IApplicationBuilder app) =>
        app.Use(
            static async (http, next) =>
            {
                if (!HttpMethods.IsHead(http.Request.Method))
                {
                    await next(http);
                    return;
                }

                var body = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
                http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
                http.Request.Method = HttpMethods.Get;
                try
                {
                    await next(http);
                }
                finally
                {
                    http.Request.Method = HttpMethods.Head;
                    http.Features.Set(body);
                }
            }
        );
}
