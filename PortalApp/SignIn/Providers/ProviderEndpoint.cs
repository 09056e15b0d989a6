using PortalApp.SignIn.Attempts;

namespace PortalApp.SignIn.Providers;

/// <summary>Where a provider sends the browser back to.</summary>
internal static class ProviderEndpoint
{
    /// <summary>The query's name that says why nobody was signed in.</summary>
    public const string Failed = "failed";

    public static async Task HandleAsync(HttpContext http, AttemptStore attempts, ProviderStep step)
    {
        // What was begun is ended, whether or not the browser waits for it.
        var attempt = await attempts.FindAsync(http.Request, CancellationToken.None);
        switch (await step.ReturnAsync(attempt, ProviderReply.Of(http.Request.Query), CancellationToken.None))
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
