using Microsoft.Extensions.DependencyInjection.Extensions;
using PortalApp.Data;
using PortalApp.Throttle;

namespace PortalApp.Captcha;

internal static class CaptchaServices
{
    public static IHostApplicationBuilder AddCaptcha(this IHostApplicationBuilder builder)
    {
        builder.Services.AddLocalization();
        builder.Services.AddSingleton<CaptchaVerifier>();
        builder.Services.TryAddSingleton<PaceCount>();

        // With an hour to spare for a clock that is set back.
        builder.Services.AddSingleton(
            Retention.Of(
                "Used captchas",
                "they expired",
                TimeSpan.FromHours(1),
                (db, before) => db.Set<SpentChallenge>().Where(c => c.ExpiresAt < before).OrderBy(c => c.ExpiresAt)
            )
        );
        return builder;
    }
}
