using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary><c>./dev demo [--detach] [--database sqlite|postgresql] [--relay embedded|service-bus]</c>.</summary>
internal static class DemoProgram
{
    private const string AlreadyRunning = "The demo is already running; ./dev stop ends it.";
    private static readonly TimeSpan DetachDeadline = TimeSpan.FromMinutes(4);

    public static async Task<int> RunAsync(string[] args) =>
        args switch
        {
            ["--detach", .. var rest] => await DetachAsync(rest),
            [.. var rest, "--detach"] => await DetachAsync(rest),
            _ when DemoOptions.Read(args) is { } options => await SuperviseAsync(options),
            _ => await FailAsync(
                $"./dev demo knows --detach, --database sqlite|postgresql and --relay embedded|service-bus, not '{string.Join(' ', args)}'."
            ),
        };

    private static async Task<int> SuperviseAsync(DemoOptions options)
    {
        await using var running = FolderLock.TryTake(DemoPaths.Lock);
        if (running is null)
        {
            return await FailAsync(AlreadyRunning);
        }

        if (DemoProblem.Find(DemoSupervisor.DirectoryAddress, DemoSupervisor.PortalPort, DemoProvider.Port) is { } problem)
        {
            return await FailAsync(problem);
        }

        using var end = new CancellationTokenSource();
        using var interrupt = EndOn(PosixSignal.SIGINT, end);
        using var terminate = EndOn(PosixSignal.SIGTERM, end);
        using var hangUp = EndOn(PosixSignal.SIGHUP, end);
        try
        {
            ProcessList.Write(DemoPaths.Processes, []);
            await using var demo = await DemoSupervisor.StartAsync(options, Console.WriteLine, end.Token);
            Console.WriteLine(Invitation());
            await demo.KeepAliveAsync(Console.WriteLine, end.Token);
            return 0;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e)
        {
            return await FailAsync(DemoProblem.Describe(e));
        }
    }

    /// <summary>Starts the supervisor in a session of its own, shows what it says, and returns when a reset would work.</summary>
    private static async Task<int> DetachAsync(string[] args)
    {
        await using (var free = FolderLock.TryTake(DemoPaths.Lock))
        {
            if (free is null)
            {
                return await FailAsync(AlreadyRunning);
            }
        }

        Directory.CreateDirectory(DemoPaths.Logs);
        var (output, errors) = (DemoPaths.Output, DemoPaths.Output + ".err");
        File.Delete(output);
        var start = new ProcessStartInfo(
            "setsid",
            [
                "/bin/sh",
                "-c",
                "exec \"$@\" </dev/null >\"$DEMO_OUT\" 2>\"$DEMO_ERR\"",
                "sh",
                Environment.ProcessPath!,
                typeof(DemoProgram).Assembly.Location,
                "demo",
                .. args,
            ]
        );
        start.Environment["DEMO_OUT"] = output;
        start.Environment["DEMO_ERR"] = errors;
        using var supervisor = Process.Start(start)!;
        using var follow = new OutputFollower(output);
        try
        {
            await Eventually.TrueAsync(
                () =>
                {
                    follow.ShowNew();
                    return supervisor.HasExited || IsReady(supervisor.Id);
                },
                DetachDeadline,
                "the demo to come up"
            );
        }
        catch (TimeoutException e)
        {
            supervisor.Kill();
            return await FailAsync(e.Message);
        }

        follow.ShowNew();
        if (!supervisor.HasExited)
        {
            return 0;
        }

        await Console.Error.WriteAsync(await File.ReadAllTextAsync(errors));
        return supervisor.ExitCode == 0 ? 1 : supervisor.ExitCode;
    }

    private static string Invitation() =>
        $"""

            The portal is at  https://localhost:{DemoSupervisor.PortalPort}/reset  (its certificate is signed by {Path.Combine(
                Repository.Certificates,
                "trusted",
                "ca.pem"
            )})
            User ID           {ForestPopulation.User.Upn}
            Code              read it in the outbox, https://localhost:{DemoSupervisor.PortalPort}/outbox
            New password      at least 12 characters of three kinds; the old one is {ForestPopulation.User.Password}
            Administration    https://localhost:{DemoSupervisor.PortalPort}/sign-in  as desk.admin of the file below: password, then the code of its totpSecret
            Everything else   {DemoPaths.Json}
            """;

    private static bool IsReady(int supervisor) =>
        File.Exists(DemoPaths.Ready) && File.ReadAllText(DemoPaths.Ready) == supervisor.ToString(CultureInfo.InvariantCulture);

    private static PosixSignalRegistration EndOn(PosixSignal signal, CancellationTokenSource end) =>
        PosixSignalRegistration.Create(
            signal,
            context =>
            {
                context.Cancel = true;
                end.Cancel();
            }
        );

    private static async Task<int> FailAsync(string line)
    {
        await Console.Error.WriteLineAsync(line);
        return 1;
    }
}
