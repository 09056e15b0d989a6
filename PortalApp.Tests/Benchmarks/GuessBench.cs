using System.Diagnostics;
using System.Net;
using PortalApp.Gates;
using PortalApp.Tests.Gates;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;

namespace PortalApp.Tests.Benchmarks;

/// <summary>
/// One guess in each of a hundred thousand flows, each from a network of its own, spread over a day: after how many each budget trips. It goes on for
/// a minute, which is enough for some thousands of them, and says how many.
/// </summary>
internal static class GuessBench
{
    private const int Flows = 100_000;
    private const int People = 10_000;
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        await using var portal = await GatePortal.StartAsync();
        var budgets = (FailureBudgets)portal.Services.GetService(typeof(FailureBudgets))!;
        var (flows, ofTenant, ofAll) = (0, 0, 0);
        for (var clock = Stopwatch.StartNew(); flows < Flows && clock.Elapsed < LongEnough; )
        {
            flows++;
            await GuessAsync(portal, flows);
            portal.Clock.Advance(TimeSpan.FromDays(1) / Flows);
            ofTenant = ofTenant > 0 || !await budgets.AreUsedUpAsync(GateSteps.Tenant, cancellation) ? ofTenant : flows;
            ofAll = ofAll > 0 || !await budgets.AreUsedUpAsync(null, cancellation) ? ofAll : flows;
        }

        report.Add("hostile.guesses_run", flows, $"of {Flows} flows within {LongEnough.TotalSeconds} s");
        report.Add("hostile.guesses_until_tenant_budget", ofTenant, "flows");
        report.Add("hostile.guesses_until_portal_budget", ofAll, "flows");
    }

    private static async Task GuessAsync(GatePortal portal, int flow)
    {
        var person = $"person-{flow % People}";
        var network = NetworkPrefix.Of(new IPAddress([(byte)(11 + (flow >> 16)), (byte)(flow >> 8), (byte)flow, 7]));
        var subject = GateSteps.Anna(portal, flow, $"{person}@gmail.example").As(person) with
        {
            Caller = new(network, Familiarity.Stranger),
        };
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(subject));
        await portal.AnswerAsync(subject, "00000000");
    }
}
