using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace PortalApp.Layout.Languages;

/// <summary>Remembers for a year which language was chosen in this browser.</summary>
internal static class LanguageCookie
{
    public const string Name = "__Host-language";

    public static void Write(HttpResponse response, CultureInfo language) =>
        response.Cookies.Append(
            Name,
            CookieRequestCultureProvider.MakeCookieValue(new(language)),
            new()
            {
                HttpOnly = true,
                Secure = true,
                SameSite = SameSiteMode.Strict,
                Path = "/",
                MaxAge = TimeSpan.FromDays(365),
            }
        );
}
