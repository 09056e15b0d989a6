using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using PortalApp.Data;

namespace PortalApp.Layout;

/// <summary>
/// Stands before every form of a page: of our own origin (H35), of one plain kind and a bounded size (H19), each field once (H28), with the
/// page's antiforgery value where it does anything that a stranger must not bring about.
/// </summary>
internal sealed class PostGuard(RequestDelegate next, IAntiforgery antiforgery, IOptions<PortalOptions> options)
{
    public const int MaxBodyBytes = 16 * 1024;
    public const int MaxFields = 20;
    private const string FormType = "application/x-www-form-urlencoded";

    public async Task InvokeAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || !(IsPage(http) || IsOpenForm(http)))
        {
            await next(http);
            return;
        }

        if (await RefusalAsync(http) is { } status)
        {
            http.Response.StatusCode = status;
            return;
        }

        await next(http);
    }

    private async Task<int?> RefusalAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            return StatusCodes.Status405MethodNotAllowed;
        }

        if (!IsFromHere(http.Request))
        {
            return StatusCodes.Status403Forbidden;
        }

        return await ShapeRefusalAsync(http)
            ?? (IsOpenForm(http) || await antiforgery.IsRequestValidAsync(http) ? null : StatusCodes.Status403Forbidden);
    }

    private static async Task<int?> ShapeRefusalAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.ContentLength > MaxBodyBytes)
        {
            return StatusCodes.Status413PayloadTooLarge;
        }

        if (request.ContentType is not { } type || !type.Split(';')[0].Trim().Equals(FormType, StringComparison.OrdinalIgnoreCase))
        {
            return StatusCodes.Status400BadRequest;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBodyBytes;
        }

        try
        {
            var form = await request.ReadFormAsync(
                new FormOptions
                {
                    ValueCountLimit = MaxFields,
                    KeyLengthLimit = 64,
                    ValueLengthLimit = MaxBodyBytes,
                },
                http.RequestAborted
            );
            return form.Any(f => f.Value.Count != 1 || f.Key.AsSpan().IndexOfAny('[', '.') >= 0) ? StatusCodes.Status400BadRequest : null;
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode;
        }
        catch (InvalidDataException)
        {
            return StatusCodes.Status400BadRequest;
        }
    }

    /// <summary>
    /// A browser says where a form comes from; where it says nothing, the antiforgery value decides. Our own pages send <c>Origin: null</c>,
    /// because they forbid the referrer (Fetch §3.2), and older browsers no Sec-Fetch-Site.
    /// </summary>
    private bool IsFromHere(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
        && (request.Headers.Origin.ToString() == "null" || options.Value.IsOrigin(request));

    private static bool IsOpenForm(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<OpenForm>() is not null;

    private static bool IsPage(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null;
}
