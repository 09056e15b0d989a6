using Microsoft.AspNetCore.Localization;

namespace PortalApp.Layout.Languages;

internal static class LanguageServices
{
    /// <summary>A page speaks the language that was chosen in this browser, or else the first of the browser's own that the portal speaks.</summary>
    public static IServiceCollection AddLanguages(this IServiceCollection services) =>
        services
            .AddLocalization()
            .AddRequestLocalization(languages =>
            {
                languages.DefaultRequestCulture = new(ShippedLanguages.Standard);
                languages.SupportedCultures = languages.SupportedUICultures = [.. ShippedLanguages.All];
                languages.RequestCultureProviders =
                [
                    new CookieRequestCultureProvider { Options = languages, CookieName = LanguageCookie.Name },
                    new AcceptLanguageHeaderRequestCultureProvider { Options = languages },
                ];
            });
}
