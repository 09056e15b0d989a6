using System.Buffers.Text;
using System.Security.Cryptography;

namespace PortalApp.Throttle.Familiar;

/// <summary>
/// By what a browser is known again in which a person succeeded: 256 random bits, new with each such browser, of which only the keyed hash of
/// <see cref="FamiliarPlaces.BrowserMac"/> is kept.
/// </summary>
internal static class BrowserCookie
{
    public const string Name = "__Host-browser";
    private const int Bytes = 32;

    /// <summary>Of this browser; a new one where it has none, or what it has cannot be one.</summary>
    public static string Of(HttpContext http)
    {
        if (http.Request.Cookies[Name] is { } held && Base64Url.IsValid(held, out var bytes) && bytes == Bytes)
        {
            return held;
        }

        var value = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        http.Response.Cookies.Append(
            Name,
            value,
            new CookieOptions
            {
                HttpOnly = true,
                Secure = true,
                SameSite = SameSiteMode.Strict,
                Path = "/",
                MaxAge = FamiliarPlaces.Remembered,
            }
        );
        return value;
    }
}
