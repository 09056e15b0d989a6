namespace PortalApp.Captcha;

internal static class CaptchaServices
{
    public static IHostApplicationBuilder AddCaptcha(this IHostApplicationBuilder builder)
    {
        builder.Services.AddLocalization();
        builder.Services.AddSingleton<CaptchaVerifier>();
        builder.Services.AddHostedService<SpentChallengeSweep>();
        return builder;
    }
}
