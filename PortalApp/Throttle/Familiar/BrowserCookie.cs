using PortalApp.Secrets;

namespace PortalApp.Throttle.Familiar;

/// <summary>By what a browser is known again in which a person succeeded; only the keyed hash of <see cref="FamiliarPlaces.BrowserMac"/> is kept.</summary>
internal static class BrowserCookie
{
    private static readonly KeyCookie Cookie = new("__Host-browser", FamiliarPlaces.Remembered);

    /// <summary>Of this browser; a new one where it has none, or what it has cannot be one.</summary>
    public static string Of(HttpContext http)
    {
        if (Cookie.Read(http.Request) is { } held)
        {
            return held;
        }

        var value = KeyCookie.NewKey();
        Cookie.Write(http.Response, value);
        return value;
    }
}
