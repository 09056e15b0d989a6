using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PortalApp.Tests.Fixtures.Processes;

/// <summary>
/// A long-running program of ours: its output goes to a file, and the kernel kills it when we die (PR_SET_PDEATHSIG),
/// so that neither a crashed demo nor a killed test run leaves one behind. A session of its own keeps Ctrl-C from it: its owner stops it.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;
    private static readonly BlockingCollection<Action> Starts = StartStarter();
    private readonly Process process;

    private ChildProcess(Process process)
    {
        this.process = process;
        Id = process.Id;
        Exited = WaitAsync(process);
    }

    public int Id { get; }

    /// <summary>The exit code, when it has ended (128 + signal for a killed one).</summary>
    public Task<int> Exited { get; }

    public static async Task<ChildProcess> StartAsync(
        string program,
        IEnumerable<string> arguments,
        string logFile,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null
    )
    {
        Directory.CreateDirectory(Path.GetDirectoryName(logFile)!);
        var start = new ProcessStartInfo(
            "setpriv",
            ["--pdeathsig", "KILL", "setsid", "/bin/sh", "-c", "exec \"$@\" >>\"$CHILD_LOG\" 2>&1", "sh", program, .. arguments]
        )
        {
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        start.Environment["CHILD_LOG"] = logFile;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return new(await started.Task);
    }

    /// <summary>As a power cut: no handler of the program runs.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await Exited;
    }

    /// <summary>The program hangs: its sockets stay open and nothing answers.</summary>
    public void Freeze() => Signal(SigStop);

    public void Thaw() => Signal(SigCont);

    /// <summary>Asks it to end, and kills it when it has not after <paramref name="grace"/>.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (!Exited.IsCompleted)
        {
            process.StandardInput.Close();
            Signal(SigTerm);
            await Task.WhenAny(Exited, Task.Delay(grace, TimeProvider.System));
        }

        await KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(5));
        process.Dispose();
    }

    /// <summary>The death signal comes when the starting <em>thread</em> ends, so all are started by one that never does.</summary>
    private static BlockingCollection<Action> StartStarter()
    {
        var starts = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        {
            IsBackground = true,
            Name = "Starts child processes",
        }.Start();
        return starts;
    }

    private static async Task<int> WaitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private void Signal(int signal)
    {
        if (!process.HasExited)
        {
            _ = kill(Id, signal);
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int kill(int id, int signal);
}
