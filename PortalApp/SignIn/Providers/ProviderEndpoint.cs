using Microsoft.AspNetCore.Authentication;
using PortalApp.SignIn.Attempts;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.SignIn.Providers;

/// <summary>Where a provider sends the browser back to.</summary>
internal static class ProviderEndpoint
{
    /// <summary>The query's name that says why nobody was signed in.</summary>
    public const string Failed = "failed";

    public static async Task HandleAsync(HttpContext http, AttemptStore attempts, ProviderStep step, ProviderTrials trials)
    {
        // What was begun is ended, whether or not the browser waits for it.
        var reply = ProviderReply.Of(http.Request.Query);
        await http.AuthenticateAsync(SessionAuthentication.SchemeName);
        if (
            http.Features.Get<SignedIn>() is { Role: Role.Administrator } me
            && await trials.ReturnAsync(me, reply, CancellationToken.None) is { } tried
        )
        {
            http.Response.Redirect(SignInPaths.ProviderOf(tried.Domain));
            return;
        }

        var attempt = await attempts.FindAsync(http.Request, CancellationToken.None);
        switch (await step.ReturnAsync(attempt, reply, CancellationToken.None))
        {
            case ProviderReturn.Done { Session: var session }:
                Arrival.GoOn(http, session, attempt!.Row.Return, more: attempt.Page);
                break;
            case ProviderReturn.Failed { Fault: var fault }:
                http.Response.Redirect($"{SignInPaths.Begin}?{Failed}={fault}");
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
