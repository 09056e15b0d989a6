using PortalApp.Data;

namespace PortalApp.Gates;

internal static class GateServices
{
    public static IHostApplicationBuilder AddGates(this IHostApplicationBuilder builder)
    {
        builder.Services.AddLocalization();
        builder.Services.AddSingleton<GateSentences>();
        builder.Services.AddSingleton<IGate, EmailCodeGate>();
        builder.Services.AddSingleton(
            Retention.Of(
                "Codes, as HMACs",
                "they ended",
                TimeSpan.FromDays(1),
                (db, before) => db.Set<Challenge>().Where(c => c.ExpiresAt < before).OrderBy(c => c.ExpiresAt)
            )
        );
        return builder;
    }
}
