using Microsoft.Extensions.DependencyInjection.Extensions;
using PortalApp.Data;
using PortalApp.Gates.Answers;
using PortalApp.Gates.AuthenticatorApp;
using PortalApp.Gates.Call;
using PortalApp.Gates.Codes;
using PortalApp.Gates.EmailCode;
using PortalApp.Gates.Passkey;
using PortalApp.Gates.Questions;
using PortalApp.Gates.RecoveryCode;
using PortalApp.Gates.TextCode;
using PortalApp.Notifications;
using PortalApp.Throttle;

namespace PortalApp.Gates;

internal static class GateServices
{
    public static IHostApplicationBuilder AddGates(this IHostApplicationBuilder builder)
    {
        builder.Services.AddLocalization();
        builder.Services.AddSingleton<CodeLimits>();
        builder.Services.AddSingleton<AddressFaulted>(services => services.GetRequiredService<CodeLimits>().GiveBackAsync);
        builder.Services.AddSingleton<OneTimeCodes>();
        builder.Services.AddSingleton<CodeSentences>();
        builder.Services.TryAddSingleton<PaceCount>();
        builder.Services.AddSingleton<NumberRules>();
        builder.Services.AddSingleton<PhoneCodes>();
        builder.Services.AddSingleton<GateProfiles>();
        builder.Services.AddQuestions();
        builder.Services.AddSingleton<AnswerTries>();
        builder.Services.AddSingleton<AnswerSentences>();
        builder.Services.AddSingleton<IGate, EmailCodeGate>();
        builder.Services.AddSingleton<IGate, AuthenticatorAppGate>();
        builder.Services.AddSingleton<IGate, PasskeyGate>();
        builder.Services.AddSingleton<IGate, RecoveryCodeGate>();
        builder.Services.AddSingleton<IGate, TextCodeGate>();
        builder.Services.AddSingleton<IGate, MobileCallGate>();
        builder.Services.AddSingleton<IGate, OfficeCallGate>();
        builder.Services.AddSingleton(
            Retention.Of(
                "Codes, as HMACs",
                "they ended",
                TimeSpan.FromDays(1),
                (db, before) => db.Set<OneTimeCode>().Where(c => c.ExpiresAt < before).OrderBy(c => c.ExpiresAt)
            )
        );
        builder.Services.AddSingleton(
            Retention.Of(
                "Last answers to gates, as HMACs",
                "their flow ended",
                TimeSpan.FromHours(1),
                (db, before) => db.Set<LastAnswer>().Where(a => a.ExpiresAt < before).OrderBy(a => a.ExpiresAt)
            )
        );
        return builder;
    }
}
