using System.Collections.Concurrent;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Fixtures.Demo;

public sealed class SupervisedPartTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentQueue<int> recorded = [];
    private readonly SupervisedPart part;
    private ChildProcess? running;
    private Task keeping = Task.CompletedTask;

    public SupervisedPartTests()
    {
        var log = Path.Combine(Repository.NewFolder("supervised"), "part.log");
        part = new("sleeper", async () => running = await ChildProcess.StartAsync("sleep", ["60"], log), () => recorded.Enqueue(part!.Id));
    }

    [Fact]
    public async Task A_part_that_dies_is_started_again_and_its_new_process_is_recorded()
    {
        await StartAsync();
        var first = part.Id;

        await running!.KillAsync();

        await Eventually.TrueAsync(() => recorded.Count == 2, Deadline, "a new process", TestContext.Current.CancellationToken);
        Assert.False(running.Exited.IsCompleted);
        Assert.Equal([first, part.Id], recorded);
    }

    [Fact]
    public async Task A_part_that_hangs_is_left_alone_and_can_still_be_stopped()
    {
        await StartAsync();
        var first = running!;

        first.Freeze();
        await Eventually.TrueAsync(
            () => StateOf(first.Id) == 'T',
            Deadline,
            "the process to stand still",
            TestContext.Current.CancellationToken
        );
        Assert.Equal(first.Id, part.Id);

        await first.StopAsync(TimeSpan.Zero);
        Assert.True(first.Exited.IsCompleted);
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await keeping.ContinueWith(_ => { }, TaskScheduler.Default);
        await part.StopAsync();
        end.Dispose();
    }

    private static char StateOf(int id) => File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1][0];

    private async Task StartAsync()
    {
        await part.LaunchAsync();
        keeping = part.KeepAliveAsync(_ => { }, end.Token);
    }
}
