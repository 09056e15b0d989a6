using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.SignIn.Attempts;
using PortalApp.SignIn.Invitations;
using PortalApp.SignIn.Passwords;
using PortalApp.SignIn.Providers;
using PortalApp.SignIn.SecondFactor;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.SignIn;

internal static class SignInServices
{
    public static IHostApplicationBuilder AddSignIn(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<PasswordManagementChange>();
        services.AddSingleton<DirectoryPasswords>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<ProofAgain>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<AttemptStore>();
        services.AddSingleton<InvitationStore>();
        services.AddSingleton<ProviderMetadata>();
        services.AddSingleton<ProviderStore>();
        services.AddSingleton<ProviderTokens>();
        services.AddSingleton<ProviderWalks>();
        services.AddSingleton<ProviderTrials>();
        services.AddSingleton<NewPlaceNotice>();
        services.AddSingleton<SignInStep>();
        services.AddSingleton<ProviderStep>();
        services.AddSingleton<SetUpStep>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder().SetDefaultPolicy(Signed());
        services.AddSingleton(new WrappedRows("authenticator apps that are being set up", SecondFactors.RewrapBegunAsync));
        services.AddSingleton(new WrappedRows("the secrets of providers", ProviderStore.RewrapAsync));
        services.AddSingleton(
            Retention.Of(
                "Sign-ins that were begun",
                "they ended",
                TimeSpan.FromHours(1),
                (db, before) => db.Set<Attempt>().Where(a => a.ExpiresAt < before).OrderBy(a => a.ExpiresAt)
            )
        );
        services.AddSingleton(
            Retention.Of(
                "Sessions",
                "they ended",
                TimeSpan.FromHours(1),
                (db, before) => db.Set<Session>().Where(s => s.Until < before).OrderBy(s => s.Until)
            )
        );
        services.AddSingleton(
            Retention.Of(
                "One-time links, hashed",
                "they ended",
                TimeSpan.FromDays(1),
                (db, before) => db.Set<Invitation>().Where(i => i.ExpiresAt < before).OrderBy(i => i.ExpiresAt)
            )
        );
        services.AddSingleton(
            Retention.Of(
                "Providers that were tried",
                "their hour ended",
                TimeSpan.FromHours(1),
                (db, before) => db.Set<ProviderTrial>().Where(t => t.ExpiresAt < before).OrderBy(t => t.ExpiresAt)
            )
        );
        services.AddSingleton(
            Retention.Of(
                "Accounts at providers of people who are gone",
                "they went",
                TimeSpan.FromDays(7),
                (db, before) =>
                    db.Set<ProviderLink>().Where(l => db.Set<User>().Any(u => u.Id == l.UserId && u.GoneAt < before)).OrderBy(l => l.Id)
            )
        );
        return builder;
    }

    /// <summary>No page takes a default scheme: who signs in in another tab does not change what a stranger's form is worth.</summary>
    private static AuthorizationPolicy Signed() =>
        new AuthorizationPolicyBuilder(SessionAuthentication.SchemeName).RequireAuthenticatedUser().Build();

    public static WebApplication UseSignIn(this WebApplication app)
    {
        app.UseMiddleware<SignInGuard>();
        app.MapGet(SignInPaths.Returned, ProviderEndpoint.HandleAsync);
        return app;
    }
}
