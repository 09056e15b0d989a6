using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Writeback;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Benchmarks;

/// <summary>
/// Fifty networks hammer one person, all at once and without a pause: how long a browser in which that person succeeded before waits for its code.
/// The clock stands still, so that no limit runs out, and the captcha costs a thousandth, so that they hammer harder.
/// </summary>
internal static class HammeredBench
{
    private const int Networks = 50;
    private const string Name = "anna@corp.test";
    private const string Address = "anna@flow.example";
    private const string Limited = "SSPR_0031";

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        await using var portal = await ResetPortal.StartAsync(
            new Dictionary<string, string?> { ["Portal:TrustedProxies:0"] = "127.0.0.1" }
        );
        await portal.AddUserAsync("anna", Address);
        using var own = From(portal, "198.51.100.7");
        await SucceedAsync(portal, own);
        report.Add("hostile.code_calm", await CodeMillisecondsAsync(portal, own, cancellation), "ms");

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var limited = new CountdownEvent(Networks);
        var hammers = Enumerable.Range(1, Networks).Select(n => Task.Run(() => HammerAsync(portal, n, limited, ending.Token))).ToArray();
        await Task.Run(() => limited.Wait(cancellation), cancellation);
        await portal.MailsToAsync(Address);

        report.Add("hostile.code_hammered_own_browser", await CodeMillisecondsAsync(portal, own, cancellation), "ms");
        using var elsewhere = From(portal, "192.0.2.7");
        var answer = await elsewhere.BeginAsync(Name);
        report.Add("hostile.hammered_new_network_limited", answer.Text.Contains(Limited, StringComparison.Ordinal) ? 1 : 0, "(1: limited)");
        await ending.CancelAsync();
        report.Add("hostile.hammered_begins", (await Task.WhenAll(hammers)).Sum(), "begins meanwhile");
    }

    /// <summary>From the press on the first step's button until the code is in the mailbox.</summary>
    private static async Task<double> CodeMillisecondsAsync(ResetPortal portal, Person own, CancellationToken cancellation)
    {
        using var reader = portal.NewClient();
        var before = await MailsAsync(reader, cancellation);
        var clock = Stopwatch.StartNew();
        var answer = await own.BeginAsync(Name);
        Assert.Equal(ResetPaths.Verify, answer.Location);
        while (await MailsAsync(reader, cancellation) == before)
        {
            await Task.Delay(1, cancellation);
        }

        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task<int> MailsAsync(HttpClient reader, CancellationToken cancellation) =>
        (await reader.GetFromJsonAsync<OutboxMessage[]>("/outbox/feed", JsonSerializerOptions.Web, cancellation))!.Count(m =>
            m.To == Address
        );

    private static async Task SucceedAsync(ResetPortal portal, Person own)
    {
        await own.BeginAsync(Name);
        await own.TypeCodeAsync(await portal.CodeToAsync(Address));
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        await own.GetAsync(ResetPaths.Password);
        await own.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(false));
        await own.GetAsync(ResetPaths.Result);
    }

    /// <returns>How often it began.</returns>
    private static async Task<int> HammerAsync(ResetPortal portal, int network, CountdownEvent limited, CancellationToken ending)
    {
        var (begins, told) = (0, false);
        while (!ending.IsCancellationRequested)
        {
            using var stranger = From(portal, string.Create(CultureInfo.InvariantCulture, $"203.0.{network}.7"));
            try
            {
                var answer = await stranger.BeginAsync(Name);
                begins++;
                if (!told && answer.Text.Contains(Limited, StringComparison.Ordinal))
                {
                    told = true;
                    limited.Signal();
                }
            }
            catch (HttpRequestException)
            {
                // Its network has had all captchas of this minute; it goes on.
            }
        }

        return begins;
    }

    private static Person From(ResetPortal portal, string address)
    {
        var http = portal.NewPersonsClient();
        http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return new Person(http);
    }
}
