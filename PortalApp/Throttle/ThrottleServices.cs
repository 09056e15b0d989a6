using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PortalApp.Data;
using PortalApp.Throttle.Failures;
using PortalApp.Throttle.Familiar;

namespace PortalApp.Throttle;

internal static class ThrottleServices
{
    public static IHostApplicationBuilder AddThrottle(this IHostApplicationBuilder builder)
    {
        builder.AddOptions(LimitOptions.Section, new LimitOptionsValidator());
        builder.Services.TryAddSingleton(services => services.GetRequiredService<IOptions<LimitOptions>>().Value.ToLimits());
        builder.Services.AddSingleton<ThrottleStore>();
        builder.Services.AddSingleton<LargeNetworks>();
        builder.Services.AddSingleton<UnansweredConnections>();
        builder.Services.AddSingleton<OpenConnections>();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
            kestrel.ConfigureEndpointDefaults(endpoint =>
                endpoint.Use(next =>
                    connection => kestrel.ApplicationServices.GetRequiredService<OpenConnections>().ServeAsync(connection, next)
                )
            )
        );
        builder.Services.AddSingleton<FailureStore>();
        builder.Services.AddSingleton<FailureBudgets>();
        builder.Services.AddSingleton<FamiliarPlaces>();

        // With an hour to spare for a clock that is set back.
        builder.Services.AddSingleton(new Retention("Counts against limits", "they count no more", TimeSpan.FromHours(1), DeleteAsync));
        builder.Services.AddSingleton(
            Retention.Of(
                "Failures in a row",
                "the last one",
                FailureStore.Remembered,
                (db, before) => db.Set<FailureCount>().Where(f => f.LastAt < before).OrderBy(f => f.LastAt)
            )
        );
        builder.Services.AddSingleton(
            Retention.Of(
                "Familiar browsers and networks, hashed",
                "a reset from there",
                FamiliarPlaces.Remembered,
                (db, before) => db.Set<FamiliarPlace>().Where(p => p.SeenAt < before).OrderBy(p => p.SeenAt)
            )
        );
        return builder;
    }

    /// <summary>All of one slice of a window at once: they have no number of their own by which some could be named.</summary>
    private static async Task<int> DeleteAsync(PortalDb db, DateTimeOffset before, CancellationToken cancellation)
    {
        var old = db.Set<ThrottleCount>().Where(t => t.Ends < before);
        var last = await old.OrderBy(t => t.Ends)
            .Select(t => (DateTimeOffset?)t.Ends)
            .Skip(Retention.AtOnce - 1)
            .FirstOrDefaultAsync(cancellation);
        return await (last is null ? old : old.Where(t => t.Ends <= last)).ExecuteDeleteAsync(cancellation);
    }
}
