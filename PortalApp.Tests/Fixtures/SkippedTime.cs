using Microsoft.Extensions.Time.Testing;

namespace PortalApp.Tests.Fixtures;

internal static class SkippedTime
{
    /// <summary>
    /// As if the clock had been set: no timer ticks for what is skipped, where advancing would run each sweep of each second in between.
    /// </summary>
    public static void Skip(this FakeTimeProvider clock, TimeSpan time) => clock.AdjustTime(clock.GetUtcNow() + time);
}
