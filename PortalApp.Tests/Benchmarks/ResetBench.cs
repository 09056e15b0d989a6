using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Benchmarks;

/// <summary>
/// Whole resets over HTTP, as a person feels them (form, captcha solved before, mail, code, check, password, result page), beside the bare
/// directory's own rate; rounds in turn. One at a time also tells the portal's own processor time for each step.
/// </summary>
internal static class ResetBench
{
    private const int Rounds = 3;
    private static readonly ForestAccount[] People = [.. ForestPopulation.Staff.Skip(8)];
    private static int passwords;
    private static int networks;

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        var forests = new ForestFixture();
        await using var _ = forests;
        var (forest, certificates) = (await forests.StartedAsync(), await forests.CertificatesAsync());
        await using var system = await LiveSystem.StartAsync(
            forest,
            certificates,
            setup => setup with { SetsPerMinute = 6000, SetsPerAccountPerHour = 500 },
            cancellation
        );
        using var mail = new OutboxWatch(system.Portal.OutboxFolder);
        var people = new Queue<Walker>();
        await FillAsync(people, (Rounds * (10 + 48)) + 48, system, certificates, mail, cancellation);
        await WalkAsync(people, 48, 8, null);
        await BareDirectory.RateAsync(forest, People, 8, 96);
        foreach (var (width, count) in new[] { (1, 10), (8, 48) })
        {
            await MeasureAsync(report, forest, system, people, width, count);
        }
    }

    private static async Task MeasureAsync(BenchReport report, Forest forest, LiveSystem system, Queue<Walker> people, int width, int count)
    {
        List<double> bare = [];
        List<double> whole = [];
        var steps = width == 1 ? new ProcessorSteps(system.Portal.Process!.Id) : null;
        for (var round = 0; round < Rounds; round++)
        {
            bare.Add(await BareDirectory.RateAsync(forest, People, width, width == 1 ? 30 : 96));
            whole.Add(await WalkAsync(people, count, width, steps));
        }

        report.Add($"reset.bare_{width}", BenchReport.Median(bare), "sets/s");
        report.Add($"reset.whole_{width}", BenchReport.Median(whole), "resets/s");
        var ratio = BenchReport.Median(whole) / BenchReport.Median(bare);
        if (width == 8)
        {
            report.AddRatio("reset.ratio_8", ratio, atLeast: 0.6);
        }
        else
        {
            report.Add("reset.ratio_1", ratio, "×");
        }

        foreach (var (step, milliseconds) in steps?.Medians ?? [])
        {
            report.Add($"reset.processor_{step}", milliseconds, "ms");
        }
    }

    /// <summary>Captchas are solved here, before the clock runs: their cost is the browser's.</summary>
    private static async Task FillAsync(
        Queue<Walker> people,
        int count,
        LiveSystem system,
        TestCertificates certificates,
        OutboxWatch mail,
        CancellationToken cancellation
    )
    {
        var made = new Walker[count];
        await Parallel.ForAsync(
            0,
            count,
            cancellation,
            async (i, ct) =>
            {
                var http = certificates.CreateClient(system.Portal.Origin, keepsCookies: false, from: NewNetwork());
                var solution = await CaptchaSolver.SolveAsync(http, ct);
                made[i] = new Walker(new Person(http), People[i % People.Length], solution, mail);
            }
        );
        Array.ForEach(made, people.Enqueue);
    }

    /// <summary>Each person comes from a network of their own, as people do.</summary>
    private static IPAddress NewNetwork()
    {
        var number = Interlocked.Increment(ref networks);
        return new([127, 77, (byte)(number % 250), 1]);
    }

    /// <returns>Resets a second.</returns>
    private static async Task<double> WalkAsync(Queue<Walker> people, int count, int width, ProcessorSteps? steps)
    {
        var walkers = Enumerable.Range(0, count).Select(_ => people.Dequeue()).ToArray();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            walkers,
            new ParallelOptions { MaxDegreeOfParallelism = width },
            async (walker, _) => await walker.WalkAsync(steps)
        );
        var seconds = clock.Elapsed.TotalSeconds;
        Array.ForEach(walkers, walker => walker.Dispose());
        return count / seconds;
    }

    private sealed class Walker(Person person, ForestAccount account, string solution, OutboxWatch mail) : IDisposable
    {
        public async Task WalkAsync(ProcessorSteps? steps)
        {
            await StepAsync("page", () => person.GetAsync(ResetPaths.Begin));
            var code = mail.NextCodeTo(account.AlternateMail);
            await StepAsync("begin", () => person.BeginAsync(account.Upn, solution));
            await StepAsync("mail", () => code);
            await StepAsync("code", async () => await person.TypeCodeAsync(await code));
            await StepAsync("check", () => person.GetAsync(ResetPaths.Password));
            var password = string.Create(CultureInfo.InvariantCulture, $"Whole-Harbour-{Interlocked.Increment(ref passwords)}");
            await StepAsync("finish", () => person.FinishAsync(password));
            var result = await StepAsync("result", () => person.GetAsync(ResetPaths.Result));
            Assert.Contains("Your password has been reset", result.Text, StringComparison.Ordinal);

            async Task<T> StepAsync<T>(string step, Func<Task<T>> take)
            {
                var before = steps?.Now ?? 0;
                var taken = await take();
                steps?.Add(step, before);
                return taken;
            }
        }

        public void Dispose() => person.Dispose();
    }

    /// <summary>Processor time of one process, step by step; the kernel counts in ticks of ten milliseconds, so only the sum over many steps tells.</summary>
    private sealed class ProcessorSteps(int process)
    {
        private readonly Dictionary<string, (double Milliseconds, int Times)> steps = [];

        public double Now => Process.GetProcessById(process).TotalProcessorTime.TotalMilliseconds;

        /// <summary>Means, in the order of the steps.</summary>
        public IEnumerable<(string Step, double Milliseconds)> Medians => steps.Select(s => (s.Key, s.Value.Milliseconds / s.Value.Times));

        public void Add(string step, double before)
        {
            var (milliseconds, times) = steps.GetValueOrDefault(step);
            steps[step] = (milliseconds + Now - before, times + 1);
        }
    }

    /// <summary>Sees each message that the portal puts into its outbox folder once, without asking the portal.</summary>
    private sealed class OutboxWatch : IDisposable
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> waiting = new(StringComparer.Ordinal);
        private readonly FileSystemWatcher watcher;

        public OutboxWatch(string folder)
        {
            Directory.CreateDirectory(folder);
            watcher = new(folder, "*.json");
            watcher.Renamed += (_, file) => Read(file.FullPath);
            watcher.EnableRaisingEvents = true;
        }

        public Task<string> NextCodeTo(string address)
        {
            var next = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting[address] = next;
            return next.Task;
        }

        public void Dispose() => watcher.Dispose();

        private void Read(string file)
        {
            var kept = JsonSerializer.Deserialize<OutboxMessage>(File.ReadAllBytes(file), JsonSerializerOptions.Web)!;
            var code = kept
                .Text.Split('\n')
                .Select(line => line.Trim())
                .FirstOrDefault(line => line.Length == 8 && line.All(char.IsAsciiDigit));
            if (code is not null && waiting.TryRemove(kept.To, out var next))
            {
                next.SetResult(code);
            }
        }
    }
}
