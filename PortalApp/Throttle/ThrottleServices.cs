using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PortalApp.Data;

namespace PortalApp.Throttle;

internal static class ThrottleServices
{
    public static IHostApplicationBuilder AddThrottle(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(Limits.Standard);
        builder.Services.AddSingleton<ThrottleStore>();
        builder.Services.AddSingleton<LargeNetworks>();
        builder.Services.AddSingleton(new Retention("Counts against limits", "they were counted", 2 * Limits.LongestWindow, DeleteAsync));
        return builder;
    }

    /// <summary>All of one slice of a window at once: they have no number of their own by which some could be named.</summary>
    private static async Task<int> DeleteAsync(PortalDb db, DateTimeOffset before, CancellationToken cancellation)
    {
        var old = db.Set<ThrottleCount>().Where(t => t.Window < before);
        var last = await old.OrderBy(t => t.Window)
            .Select(t => (DateTimeOffset?)t.Window)
            .Skip(Retention.AtOnce - 1)
            .FirstOrDefaultAsync(cancellation);
        return await (last is null ? old : old.Where(t => t.Window <= last)).ExecuteDeleteAsync(cancellation);
    }
}
