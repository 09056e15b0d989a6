using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PortalApp.Throttle;

namespace PortalApp.Captcha;

/// <summary>Hands out challenges. The page itself holds none, so that it may be fetched without limit;</summary>
internal static class CaptchaEndpoint
{
    public const string Path = "/captcha/challenge";

    public static IEndpointRouteBuilder MapCaptcha(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, IssueAsync);
        return routes;
    }

    private static async Task<Results<JsonHttpResult<CaptchaChallenge>, ProblemHttpResult>> IssueAsync(
        HttpContext context,
        ThrottleStore throttle,
        LargeNetworks large,
        CaptchaVerifier captcha,
        Limits limits,
        TimeProvider clock,
        ILogger<CaptchaVerifier> logger,
        CancellationToken cancellation
    )
    {
        var network = NetworkPrefix.Of(context.Connection.RemoteIpAddress);
        var limit = large.Of(limits.CaptchasOfNetwork, network);
        if (!await throttle.TakeAsync(limit, network, cancellation))
        {
            var wait = await throttle.FreeAtAsync(limit, network, cancellation) - clock.GetUtcNow();
            var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            logger.CaptchaNetworkLimited(network.Value);
            return TypedResults.Problem(
                statusCode: StatusCodes.Status429TooManyRequests,
                title: "Too many requests from your network.",
                detail: $"Try again in {seconds} seconds."
            );
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(captcha.New(CaptchaBinding.First), CaptchaJson.Default.CaptchaChallenge);
    }
}
