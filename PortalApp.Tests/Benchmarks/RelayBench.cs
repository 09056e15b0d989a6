using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Agent.Relay;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.Relay;
using PortalApp.Tests.Relay.ServiceBus;

namespace PortalApp.Tests.Benchmarks;

/// <summary>
/// From the portal to an agent that settles, over both relays in this process beside a bare TLS echo; rounds in turn. Before it, what an idle agent
/// holds that listens at either.
/// </summary>
internal static class RelayBench
{
    private const int Rounds = 5;
    private const int BodyLength = 1600;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        var folder = Repository.NewFolder("echo");
        await using var echo = await TlsEcho.StartAsync(folder, BodyLength);
        await using var embedded = await Way.StartAsync(RelayKind.Embedded);
        await using var serviceBus = await Way.StartAsync(RelayKind.ServiceBus);
        var body = new byte[BodyLength];
        (string Name, Func<Task> Once)[] all =
        [
            ("echo", () => echo.OnceAsync(body)),
            ("embedded", () => embedded.OnceAsync(body)),
            ("service_bus", () => serviceBus.OnceAsync(body)),
        ];
        foreach (var (_, once) in all)
        {
            await MeasureAsync(once, 16, 500, cancellation);
        }

        await WeighIdleAgentsAsync(report, cancellation);
        foreach (var width in new[] { 1, 16, 64 })
        {
            var figures = all.ToDictionary(way => way.Name, _ => new List<(double Median, double Rate)>());
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var (name, once) in all)
                {
                    figures[name].Add(await MeasureAsync(once, width, 200 * (width == 1 ? 1 : 4), cancellation));
                }
            }

            foreach (var (name, rounds) in figures)
            {
                var of = string.Create(CultureInfo.InvariantCulture, $"relay.{name}_{width}");
                report.Add($"{of}_round_trip", BenchReport.Median(rounds.Select(r => r.Median)), "µs");
                report.Add($"{of}_rate", BenchReport.Median(rounds.Select(r => r.Rate)), "/s");
            }
        }
    }

    /// <summary>The agent's own program, enrolled and synchronised, some time after it has said that it listens.</summary>
    private static async Task WeighIdleAgentsAsync(BenchReport report, CancellationToken cancellation)
    {
        var forests = new ForestFixture();
        await using var _ = forests;
        await using var system = await LiveSystem.StartAsync(
            await forests.StartedAsync(),
            await forests.CertificatesAsync(),
            cancellation: cancellation
        );
        await using var service = await StandInServiceBus.StartAsync();
        report.Add("relay.embedded_idle_agent", await WeighAsync(system.Agent, cancellation), "MB");
        await service.TakeInAsync(arguments => system.Portal.OperateAsync(arguments, cancellation), system.Agent, new(system.Tenant));
        await system.Agent.Process!.StopAsync(TimeSpan.FromSeconds(15));
        await system.Agent.StartAsync(cancellation);
        report.Add("relay.service_bus_idle_agent", await WeighAsync(system.Agent, cancellation), "MB");
    }

    private static async Task<double> WeighAsync(AgentProcess agent, CancellationToken cancellation)
    {
        await Task.Delay(Settled, cancellation);
        var resident = File.ReadLines($"/proc/{agent.Process!.Id}/status")
            .Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return int.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    private static async Task<(double Median, double Rate)> MeasureAsync(
        Func<Task> once,
        int width,
        int count,
        CancellationToken cancellation
    )
    {
        var took = new ConcurrentBag<double>();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = width, CancellationToken = cancellation },
            async (_, _) =>
            {
                var began = Stopwatch.GetTimestamp();
                await once();
                took.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            }
        );
        return (BenchReport.Median(took), count / clock.Elapsed.TotalSeconds);
    }

    /// <summary>A relay with one tenant and one agent that is done with everything at once.</summary>
    private sealed class Way(RelayUnderTest relay, TenantId tenant) : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource> underWay = [];
        private readonly CancellationTokenSource stop = new();
        private Task receiving = Task.CompletedTask;

        public static async Task<Way> StartAsync(RelayKind kind)
        {
            var relay = await RelayUnderTest.StartAsync(kind);
            var way = new Way(relay, await relay.NewTenantAsync());
            var end = relay.NewEnd(way.Tenant);
            var entered = new TaskCompletionSource();
            way.receiving = end.Source.ReceiveAsync(end.Place, entered.SetResult, way.TakeAsync, way.stop.Token);
            await await Task.WhenAny(entered.Task, way.receiving);
            return way;
        }

        public TenantId Tenant => tenant;

        public async Task OnceAsync(byte[] body)
        {
            var (id, done) = (RequestId.New(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            underWay[id.Value] = done;
            Assert.True(await relay.Relay.SendAsync(tenant, RelayUnderTest.Connector, id, body, TimeSpan.FromMinutes(1)));
            await done.Task;
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await relay.DisposeAsync();
            stop.Dispose();
        }

        private async Task TakeAsync(RelayDelivery delivery)
        {
            await delivery.SettleAsync(Settlement.Accepted);
            if (underWay.TryRemove(delivery.Id, out var done))
            {
                done.SetResult();
            }
        }
    }
}
