using PortalApp.Layout;
using PortalApp.Registration.Asking;
using PortalApp.Registration.Proofs;
using PortalApp.SignIn;
using PortalApp.SignIn.Sessions;

namespace PortalApp.Registration;

/// <summary>
/// Stands before the pages on which somebody changes what they are verified by, and sends the browser to the proof that is needed first; and
/// before the pages that a sign-in leads to, where the tenant wants to ask first.
/// </summary>
internal sealed class RegistrationGuard(RequestDelegate next, HolderProofs proofs, DueQuestions due)
{
    /// <summary>The hidden field by which Blazor tells a page's forms apart.</summary>
    private const string FormField = "_handler";

    public async Task InvokeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value?.TrimEnd('/').ToLowerInvariant();
        if (http.Features.Get<SignedIn>() is not { } who || await ElsewhereAsync(http, who, path) is not { } elsewhere)
        {
            await next(http);
            return;
        }

        http.Response.Redirect(elsewhere);
    }

    private async Task<string?> ElsewhereAsync(HttpContext http, SignedIn who, string? path) =>
        path switch
        {
            _ when who.User.DisputedAt is not null && (RegistrationPaths.Changes(path) || path == RegistrationPaths.Prove) =>
                RegistrationPaths.Begin,
            _ when RegistrationPaths.Changes(path) => await ToProofAsync(http, who),
            RegistrationPaths.Prove => await FromProofAsync(http, who),
            SignInPaths.Account or SignInPaths.Desk => await ToQuestionAsync(http, who),
            _ => null,
        };

    private async Task<string?> ToProofAsync(HttpContext http, SignedIn who)
    {
        if (await proofs.StandingAsync(who, http.RequestAborted) is not ProofStanding.Proved proved)
        {
            return RegistrationPaths.ProveFor(RegistrationPaths.Wanted(http.Request.Path + http.Request.QueryString));
        }

        http.Features.Set(proved);
        return null;
    }

    private async Task<string?> FromProofAsync(HttpContext http, SignedIn who)
    {
        var standing = await proofs.StandingAsync(who, http.RequestAborted);
        var wanted = RegistrationPaths.Wanted(http.Request.Query["for"]);
        if (standing is ProofStanding.Proved)
        {
            return wanted;
        }

        if (HttpMethods.IsPost(http.Request.Method) && !IsInTurn(standing, http.Request.Form[FormField].ToString()))
        {
            return $"{RegistrationPaths.ProveFor(wanted)}&{PersonPage.Moved}=1";
        }

        http.Features.Set(standing);
        return null;
    }

    private static bool IsInTurn(ProofStanding standing, string form) =>
        (standing, form) switch
        {
            (ProofStanding.Asked, ProofForms.Choose) => true,
            (ProofStanding.Asked { Begun: not null }, ProofForms.Answer or ProofForms.Begin) => true,
            (ProofStanding.SignInAgain, ProofForms.Leave) => true,
            _ => false,
        };

    private async Task<string?> ToQuestionAsync(HttpContext http, SignedIn who) =>
        HttpMethods.IsGet(http.Request.Method) && await due.OfAsync(who, http.RequestAborted) is not null
            ? $"{RegistrationPaths.Begin}?return={Uri.EscapeDataString(http.Request.Path)}"
            : null;
}

/// <summary>The names of the proof's forms.</summary>
internal static class ProofForms
{
    public const string Choose = "choose";
    public const string Answer = "answer";
    public const string Begin = "begin";
    public const string Leave = "leave";
}
