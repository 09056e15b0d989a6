using PortalApp.Data;
using PortalApp.PasswordReset.Decoys;
using PortalApp.PasswordReset.Entry;
using PortalApp.PasswordReset.Flows;
using PortalApp.Writeback.Requests;

namespace PortalApp.PasswordReset;

internal static class PasswordResetServices
{
    public static IHostApplicationBuilder AddPasswordReset(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ShareCount>();
        services.AddSingleton<FlowStore>();
        services.AddSingleton<FlowReader>();
        services.AddSingleton<OtherFlows>();
        services.AddSingleton<ResetSentences>();
        services.AddSingleton<ResetEntry>();
        services.AddSingleton<NameEntry>();
        services.AddSingleton<EntryRefusals>();
        services.AddSingleton<RefusalCookie>();
        services.AddSingleton<GateStep>();
        services.AddSingleton<CheckStep>();
        services.AddSingleton<FinishStep>();
        services.AddSingleton<ResetEnding>();

        // With the names and networks of strangers in them; until then evidence may change what came of them: an agent is asked for a week.
        services.AddSingleton(
            Retention.Of(
                "Flows",
                "they ended",
                TimeSpan.FromDays(8),
                (db, before) => db.Set<Flow>().Where(f => f.ExpiresAt < before).OrderBy(f => f.ExpiresAt)
            )
        );
        services.AddSingleton<RequestEnded>(static provider => provider.GetRequiredService<ResetEnding>().EndAsync);
        return builder;
    }

    /// <summary>After the layout's guards and before the pages.</summary>
    public static WebApplication UsePasswordReset(this WebApplication app)
    {
        app.UseMiddleware<StageGuard>();
        return app;
    }
}
