using PortalApp.Data;
using PortalApp.Gates.Codes;
using PortalApp.Gates.EmailCode;
using PortalApp.Gates.Questions;

namespace PortalApp.Gates;

internal static class GateServices
{
    public static IHostApplicationBuilder AddGates(this IHostApplicationBuilder builder)
    {
        builder.Services.AddLocalization();
        builder.Services.AddSingleton<CodeLimits>();
        builder.Services.AddSingleton<OneTimeCodes>();
        builder.Services.AddSingleton<CodeSentences>();
        builder.Services.AddSingleton<GateProfiles>();
        builder.Services.AddQuestions();
        builder.Services.AddSingleton<IGate, EmailCodeGate>();
        builder.Services.AddSingleton(
            Retention.Of(
                "Codes, as HMACs",
                "they ended",
                TimeSpan.FromDays(1),
                (db, before) => db.Set<OneTimeCode>().Where(c => c.ExpiresAt < before).OrderBy(c => c.ExpiresAt)
            )
        );
        return builder;
    }
}
