using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace PortalApp.SignIn.Sessions;

/// <summary>Says by the cookie whose session a request belongs to. Who is not signed in is sent to the sign-in page and back.</summary>
internal sealed class SessionAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, UrlEncoder encoder, SessionStore sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, encoder)
{
    public const string SchemeName = "session";

    /// <summary>The number of the session's row.</summary>
    public const string SessionClaim = "sid";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SessionStore.Cookie.ReadHash(Request) is not { } key || await sessions.FindAsync(key, Context.RequestAborted) is not { } found)
        {
            return AuthenticateResult.NoResult();
        }

        Context.Features.Set(found);
        return AuthenticateResult.Success(new(PrincipalOf(found), SchemeName));
    }

    public static ClaimsPrincipal PrincipalOf(SignedIn found) =>
        new(
            new ClaimsIdentity(
                [
                    new(ClaimTypes.NameIdentifier, found.User.Id),
                    new(ClaimTypes.Name, found.User.DisplayName ?? found.User.UserPrincipalName),
                    new(ClaimTypes.Role, found.Role.ToString()),
                    new(SessionClaim, found.Session.ToString(CultureInfo.InvariantCulture)),
                ],
                SchemeName
            )
        );

    /// <summary>A page is asked for again after the sign-in; what is no page is told the status.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (
            HttpMethods.IsGet(Request.Method) && Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        )
        {
            Response.Redirect($"{SignInPaths.Begin}?return={Uri.EscapeDataString(Request.Path + Request.QueryString)}");
        }
        else
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
        }

        return Task.CompletedTask;
    }
}
