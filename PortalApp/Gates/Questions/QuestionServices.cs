using Microsoft.AspNetCore.Identity;
using PortalApp.Data;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Gates.Questions;

internal static class QuestionServices
{
    public static void AddQuestions(this IServiceCollection services)
    {
        services.AddSingleton<IPasswordHasher<SecurityAnswer>, PasswordHasher<SecurityAnswer>>();
        services.AddSingleton<AnswerHashes>();
        services.AddSingleton<QuestionStore>();
        services.AddSingleton<AnswerStore>();
        services.AddSingleton<IGate, QuestionGate>();
        services.AddSingleton<TenantAdded>((db, tenant, _) => QuestionStore.Begin(db, tenant));
        services.AddSingleton(
            Retention.Of(
                "Security questions that a reset asked",
                "it ended",
                TimeSpan.FromDays(1),
                (db, before) => db.Set<QuestionDraw>().Where(d => d.ExpiresAt < before).OrderBy(d => d.ExpiresAt)
            )
        );
        services.AddSingleton(
            Retention.Of(
                "Answers to security questions, hashed, of people who are gone",
                "they went",
                TimeSpan.FromDays(7),
                (db, before) =>
                    db.Set<User>()
                        .Where(u => u.GoneAt < before)
                        .OrderBy(u => u.GoneAt)
                        .SelectMany(u => db.Set<SecurityAnswer>().Where(a => a.UserId == u.Id))
            )
        );
    }
}
