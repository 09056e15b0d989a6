namespace PortalApp.Tests.Fixtures;

/// <summary>The real clock, moved by what a test says; timers run in real time.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
}
