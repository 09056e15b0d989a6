using PortalApp.Layout;
using PortalApp.Layout.Languages;
using PortalApp.SignIn.Attempts;

namespace PortalApp.SignIn;

/// <summary>Stands before the pages of an attempt: finds it by its cookie and sends the browser to the page of its stage. Writes nothing.</summary>
internal sealed class SignInGuard(RequestDelegate next, AttemptStore attempts)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value?.TrimEnd('/').ToLowerInvariant();
        if (
            path
            is not (
                SignInPaths.Password
                or SignInPaths.Provider
                or SignInPaths.DuePassword
                or SignInPaths.Verify
                or SignInPaths.NewPassword
                or SignInPaths.Authenticator
            )
        )
        {
            await next(http);
            return;
        }

        var attempt = await attempts.FindAsync(http.Request, http.RequestAborted);
        var page = attempt?.Page ?? SignInPaths.Begin;
        if (attempt is null || page != path)
        {
            http.Response.Redirect(HttpMethods.IsPost(http.Request.Method) ? $"{page}?{PersonPage.Moved}=1" : page);
            return;
        }

        http.Features.Set(attempt);
        http.Features.Set(new LanguageOfTenant(attempt.Tenant?.Language));
        await next(http);
    }
}
