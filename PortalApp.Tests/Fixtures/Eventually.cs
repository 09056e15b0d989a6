using System.Diagnostics;

namespace PortalApp.Tests.Fixtures;

/// <summary>Waits for a condition with a deadline, never for a length of time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    /// <param name="what">Completes the sentence "Gave up after … waiting for …".</param>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan deadline, string what, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        for (var pause = FirstPause; !await condition(); pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            if (clock.Elapsed > deadline)
            {
                throw new TimeoutException($"Gave up after {deadline.TotalSeconds:0} s waiting for {what}.");
            }

            await Task.Delay(pause, TimeProvider.System, cancellation);
        }
    }

    public static Task TrueAsync(Func<bool> condition, TimeSpan deadline, string what, CancellationToken cancellation = default) =>
        TrueAsync(() => Task.FromResult(condition()), deadline, what, cancellation);
}
