using System.Diagnostics;
using System.Globalization;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Benchmarks;

/// <summary>Somebody who resets a password over HTTP once, from the first page to the last.</summary>
/// <param name="solution">Of a captcha that was solved before.</param>
internal sealed class Walker(Person person, ForestAccount account, string solution, OutboxWatch mail) : IDisposable
{
    private static int passwords;

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
internal sealed class ProcessorSteps(int process)
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
