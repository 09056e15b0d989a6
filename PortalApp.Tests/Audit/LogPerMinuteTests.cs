using Microsoft.Extensions.Time.Testing;
using PortalApp.Audit;

namespace PortalApp.Tests.Audit;

public sealed class LogPerMinuteTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider clock = new();
    private readonly LogPerMinute lines;
    private readonly List<string> log = [];

    public LogPerMinuteTests() => lines = new LogPerMinute(clock);

    [Fact]
    public void The_first_line_is_written_at_once_and_then_one_a_minute_says_how_many_were_left_out()
    {
        for (var n = 1; n <= 100; n++)
        {
            Say("refused", n);
        }

        Assert.Equal(["refused 1, 0 more"], log);
        clock.Advance(Minute);
        Assert.Equal(["refused 1, 0 more", "refused 100, 98 more"], log);

        Say("refused", 101);
        Assert.Equal(2, log.Count);
        clock.Advance(Minute);
        Assert.Equal("refused 101, 0 more", log[^1]);
    }

    [Fact]
    public void After_a_quiet_minute_the_next_line_is_written_at_once_again()
    {
        Say("refused", 1);
        clock.Advance(Minute);
        clock.Advance(Minute);
        Say("refused", 2);

        Assert.Equal(["refused 1, 0 more", "refused 2, 0 more"], log);
    }

    [Fact]
    public void Lines_of_another_kind_do_not_wait()
    {
        Say("refused", 1);
        Say("forged", 1);

        Assert.Equal(["refused 1, 0 more", "forged 1, 0 more"], log);
    }

    public void Dispose() => lines.Dispose();

    private void Say(string kind, int n) => lines.Say(kind, more => log.Add($"{kind} {n}, {more} more"));
}
