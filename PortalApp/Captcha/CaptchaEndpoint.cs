using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PortalApp.Audit;
using PortalApp.Throttle;

namespace PortalApp.Captcha;

/// <summary>Hands out challenges. The page itself holds none, so that it may be fetched without limit; issuing one writes nothing.</summary>
internal static class CaptchaEndpoint
{
    public const string Path = "/captcha/challenge";

    public static IEndpointRouteBuilder MapCaptcha(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Issue);
        return routes;
    }

    private static Results<JsonHttpResult<CaptchaChallenge>, ProblemHttpResult> Issue(
        HttpContext context,
        PaceCount pace,
        LargeNetworks large,
        CaptchaVerifier captcha,
        Limits limits,
        TimeProvider clock,
        LogPerMinute lines,
        ILogger<CaptchaVerifier> logger
    )
    {
        var network = NetworkPrefix.Of(context.Connection.RemoteIpAddress);
        var limit = large.Of(limits.CaptchasOfNetwork, network);
        if (pace.Take(limit, network) is { } wait)
        {
            var seconds = (int)Math.Ceiling(wait.TotalSeconds);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            lines.Say("captchas of a network", more => logger.CaptchaNetworkLimited(network.Value, more));
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
