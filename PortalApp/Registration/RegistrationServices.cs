using PortalApp.Data;
using PortalApp.Registration.Asking;
using PortalApp.Registration.Contacts;
using PortalApp.Registration.Owned;
using PortalApp.Registration.Proofs;
using PortalApp.Users;

namespace PortalApp.Registration;

internal static class RegistrationServices
{
    public static IHostApplicationBuilder AddRegistration(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<RegistrationTermsStore>();
        services.AddSingleton<RegistrationNotice>();
        services.AddSingleton<ContactChanges>();
        services.AddSingleton<AnswerChange>();
        services.AddSingleton<OwnedChanges>();
        services.AddSingleton<HolderProofs>();
        services.AddSingleton<SecurityStates>();
        services.AddSingleton<DueQuestions>();
        services.AddHostedService<WaitingSweep>();
        services.AddSingleton(
            Retention.Of(
                "Proofs before a change of security info",
                "they ended",
                TimeSpan.FromDays(1),
                (db, before) => db.Set<HolderProof>().Where(p => p.ExpiresAt < before).OrderBy(p => p.ExpiresAt)
            )
        );
        services.AddSingleton(
            Retention.Of(
                "Phones and addresses that were typed and not proved",
                "they ended",
                TimeSpan.FromDays(1),
                (db, before) => db.Set<ContactChange>().Where(c => c.CountsFrom == null && c.ExpiresAt < before).OrderBy(c => c.ExpiresAt)
            )
        );
        services.AddSingleton(
            Retention.Of(
                "Registrations put off by people who are gone",
                "they went",
                TimeSpan.FromDays(7),
                (db, before) =>
                    db.Set<PutOff>().Where(p => db.Set<User>().Any(u => u.Id == p.UserId && u.GoneAt < before)).OrderBy(p => p.UserId)
            )
        );
        return builder;
    }

    /// <summary>After the layout's guards and before the pages.</summary>
    public static WebApplication UseRegistration(this WebApplication app)
    {
        app.UseMiddleware<RegistrationGuard>();
        return app;
    }
}
