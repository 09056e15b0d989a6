namespace PortalApp.Audit;

/// <summary>
/// For lines of the log that strangers can cause: the first of its kind is written at once, and while more come, one a minute that says how many.
/// So nobody fills a disk, and nothing goes unsaid.
/// </summary>
internal sealed class LogPerMinute(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, Held> held = [];
    private readonly Lock turn = new();

    /// <param name="kind">One of few, never a stranger's own words.</param>
    /// <param name="write">Is told how many others like it were left out since the line before.</param>
    public void Say(string kind, Action<int> write)
    {
        lock (turn)
        {
            if (held.TryGetValue(kind, out var lines))
            {
                (lines.Count, lines.Last) = (lines.Count + 1, write);
                return;
            }

            held[kind] = new Held { MinuteOver = clock.CreateTimer(_ => EndMinute(kind), null, Minute, Minute) };
        }

        write(0);
    }

    public void Dispose()
    {
        lock (turn)
        {
            foreach (var lines in held.Values)
            {
                lines.MinuteOver.Dispose();
            }

            held.Clear();
        }
    }

    private void EndMinute(string kind)
    {
        Action write;
        lock (turn)
        {
            if (!held.TryGetValue(kind, out var lines))
            {
                return;
            }

            if (lines.Last is not { } last)
            {
                held.Remove(kind);
                lines.MinuteOver.Dispose();
                return;
            }

            var others = lines.Count - 1;
            write = () => last(others);
            (lines.Count, lines.Last) = (0, null);
        }

        write();
    }

    private sealed class Held
    {
        public required ITimer MinuteOver { get; init; }
        public int Count { get; set; }
        public Action<int>? Last { get; set; }
    }
}
