using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Localization;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.Layout;
using PortalApp.Layout.Languages;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.SignIn.Languages;

/// <summary>In which language somebody reads: kept in the browser, and with the person where one is signed in.</summary>
internal static class LanguageChoice
{
    /// <summary>
    /// Behind everything that looks up who is signed in: a page that belongs to a person speaks their language, and so does the circuit that it
    /// opens.
    /// </summary>
    public static void UseLanguageOfPerson(this IApplicationBuilder app) =>
        app.Use(
            static (http, next) =>
            {
                // Not asynchronous: what is set in here holds for what follows.
                if (LanguageOf(http) is { } own)
                {
                    (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (own, own);
                }

                return next(http);
            }
        );

    /// <summary>The person's own; else what the browser chose or asks for, which holds already; else the tenant's.</summary>
    private static CultureInfo? LanguageOf(HttpContext http)
    {
        var me = http.Features.Get<SignedIn>();
        var chosen = http.Features.Get<IRequestCultureFeature>()?.Provider is not null;
        return ShippedLanguages.Find(me?.User.Language)
            ?? (chosen ? null : ShippedLanguages.Find(me?.Tenant.Language ?? http.Features.Get<LanguageOfTenant>()?.Name));
    }

    public static void MapLanguage(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost(LanguageForm.Path, ChooseAsync).DisableAntiforgery().WithMetadata(new OpenForm());

    private static async Task<IResult> ChooseAsync(HttpContext http, IDbContextFactory<PortalDb> databases)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (ShippedLanguages.Find(form[LanguageForm.Language]) is not { } language)
        {
            return TypedResults.BadRequest();
        }

        LanguageCookie.Write(http.Response, language);
        if ((await http.AuthenticateAsync(SessionAuthentication.SchemeName)).Succeeded)
        {
            var me = http.Features.GetRequiredFeature<SignedIn>().User.Id;
            await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
            await db.Set<User>()
                .Where(u => u.Id == me)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.Language, language.Name), http.RequestAborted);
        }

        return TypedResults.Redirect(SignInPaths.Returning(form[LanguageForm.Return]));
    }
}
