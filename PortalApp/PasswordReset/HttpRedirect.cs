namespace PortalApp.PasswordReset;

internal static class HttpRedirect
{
    /// <summary>Answers a form so that the browser fetches the next page (RFC 9110 §15.4.4): neither reload nor Back sends the form again.</summary>
    public static void SeeOther(this HttpContext http, string path)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = path;
    }
}
