using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PortalApp.Authenticators.Apps;
using PortalApp.Authenticators.Passkeys;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Users;

namespace PortalApp.Authenticators;

internal static class AuthenticatorServices
{
    private const string Required = "required";
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(7);

    public static IHostApplicationBuilder AddAuthenticators(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<AuthenticatorApps>();
        services.AddSingleton<RecoveryCodeLists>();
        services.AddSingleton<PasskeyCeremonies>();
        services.AddSingleton<PasskeyStore>();
        services.AddIdentityCore<PasskeyOwner>().AddUserStore<PasskeyRows>();
        services.AddScoped<IPasskeyHandler<PasskeyOwner>, PasskeyHandler<PasskeyOwner>>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<PortalOptions>>(Restrict);
        services.AddSingleton(new WrappedRows("authenticator apps", AuthenticatorApps.RewrapAsync));
        AddRetention(services);
        return builder;
    }

    /// <summary>The framework compares the origin with a header that our pages do not send, and asks for the authenticator's own check only where it likes.</summary>
    private static void Restrict(IdentityPasskeyOptions passkeys, IOptions<PortalOptions> portal)
    {
        passkeys.ServerDomain = new Uri(portal.Value.Origin).Host;
        (passkeys.ResidentKeyRequirement, passkeys.UserVerificationRequirement) = (Required, Required);
        passkeys.AttestationConveyancePreference = "none";
        passkeys.ValidateOrigin = asked => ValueTask.FromResult(!asked.CrossOrigin && asked.Origin == portal.Value.Origin);
    }

    private static void AddRetention(IServiceCollection services)
    {
        services.AddSingleton(
            Retention.Of(
                "Authenticator apps of people who are gone",
                "they went",
                Forgotten,
                (db, before) =>
                    db.Set<AuthenticatorApp>().Where(a => db.Set<User>().Any(u => u.Id == a.UserId && u.GoneAt < before)).OrderBy(a => a.Id)
            )
        );
        services.AddSingleton(
            Retention.Of(
                "Recovery codes, as HMACs, of people who are gone",
                "they went",
                Forgotten,
                (db, before) =>
                    db.Set<RecoveryCode>().Where(c => db.Set<User>().Any(u => u.Id == c.UserId && u.GoneAt < before)).OrderBy(c => c.Id)
            )
        );
        services.AddSingleton(
            Retention.Of(
                "Passkeys of people who are gone",
                "they went",
                Forgotten,
                (db, before) =>
                    db.Set<Passkey>().Where(p => db.Set<User>().Any(u => u.Id == p.UserId && u.GoneAt < before)).OrderBy(p => p.Id)
            )
        );
        services.AddSingleton(
            Retention.Of(
                "Questions to passkeys",
                "they ended",
                TimeSpan.FromHours(1),
                (db, before) => db.Set<PasskeyCeremony>().Where(c => c.ExpiresAt < before).OrderBy(c => c.ExpiresAt)
            )
        );
    }
}
