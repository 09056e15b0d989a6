using PortalApp.Data;
using PortalApp.Writeback.Requests;

namespace PortalApp.PasswordChange;

internal static class ChangeServices
{
    public static IHostApplicationBuilder AddPasswordChange(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ChangeStep>();
        services.AddSingleton<ChangeEnding>();
        services.AddSingleton<RequestEnded>(static provider => provider.GetRequiredService<ChangeEnding>().EndAsync);

        // Evidence may change what came of them: an agent is asked for a week.
        services.AddSingleton(
            Retention.Of(
                "Changes of passwords, for their end",
                "they were asked for",
                TimeSpan.FromDays(8),
                (db, before) => db.Set<Change>().Where(c => c.AskedAt < before).OrderBy(c => c.AskedAt)
            )
        );
        return builder;
    }
}
