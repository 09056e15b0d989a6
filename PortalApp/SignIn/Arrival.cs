using PortalApp.SignIn.Attempts;
using PortalApp.SignIn.Sessions;

namespace PortalApp.SignIn;

/// <summary>Where a browser goes once a form of the sign-in was right.</summary>
internal static class Arrival
{
    /// <param name="session">The key of the new session; null where <paramref name="more"/> is asked for.</param>
    public static void GoOn(HttpContext http, string? session, string? wanted, string more)
    {
        if (session is null)
        {
            http.Response.Redirect(more);
            return;
        }

        Begin(http, session);
        http.Response.Redirect(SignInPaths.Returning(wanted));
    }

    /// <summary>The browser has the session from then on, and the attempt no more.</summary>
    public static void Begin(HttpContext http, string session)
    {
        SessionStore.Cookie.Write(http.Response, session);
        AttemptStore.Cookie.Delete(http.Response);
    }
}
