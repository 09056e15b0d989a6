namespace PortalApp.Throttle;

/// <summary>At most so many within any such window; "an hour" is any hour, not one of the clock.</summary>
/// <param name="Name">What is counted; together with whom it is counted for it names the bucket. No two limits share one.</param>
/// <param name="Window">At most <see cref="Limits.LongestWindow"/>.</param>
internal sealed record Limit(string Name, int Most, TimeSpan Window);
