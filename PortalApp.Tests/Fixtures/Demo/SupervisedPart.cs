using System.Diagnostics;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>One program that is started again when it dies, as systemd would (<c>Restart=always</c>); one that hangs is left alone.</summary>
/// <param name="changed">Called with every new process, also the first.</param>
internal sealed class SupervisedPart(string name, Func<Task<ChildProcess>> launch, Action changed)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>A run of this length counts as healthy: the next restart is quick again.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(10);

    private ChildProcess? process;

    public string Name => name;

    public int Id => process?.Id ?? 0;

    public async Task LaunchAsync()
    {
        process = await launch();
        changed();
    }

    /// <summary>Runs until cancelled; then the program still runs, and stopping it is the caller's.</summary>
    public async Task KeepAliveAsync(Action<string> say, CancellationToken cancellation)
    {
        var pause = FirstPause;
        while (true)
        {
            var started = Stopwatch.StartNew();
            var code = await process!.Exited.WaitAsync(cancellation);
            pause = started.Elapsed > Healthy ? FirstPause : pause;
            await Task.Delay(pause, TimeProvider.System, cancellation);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            try
            {
                await LaunchAsync();
                say($"The {name} ended (exit code {code}) and was started again as process {Id}.");
            }
            catch (Exception e)
            {
                say($"The {name} ended (exit code {code}) and its restart failed, to be tried again: {DemoProblem.Describe(e)}");
            }
        }
    }

    public Task StopAsync() => process?.StopAsync(TimeSpan.FromSeconds(5)) ?? Task.CompletedTask;
}
