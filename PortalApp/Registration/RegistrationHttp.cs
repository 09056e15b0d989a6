using PortalApp.Throttle;

namespace PortalApp.Registration;

internal static class RegistrationHttp
{
    /// <summary>Somebody who is signed in is no stranger to the account: their own slips count apart from those of strangers.</summary>
    public static Caller CallerOfPerson(this HttpContext http) =>
        new(NetworkPrefix.Of(http.Connection.RemoteIpAddress), Familiarity.Browser);
}
