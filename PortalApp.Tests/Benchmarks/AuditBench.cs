using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Audit.Chain;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Benchmarks;

/// <summary>How fast entries are written while they are sealed, beside the same without; rounds in turn. Then how fast a chain is walked.</summary>
internal static class AuditBench
{
    private const int Rounds = 5;
    private const int Writers = 8;
    private const int Walked = 200_000;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var sealer = portal.Services.GetServices<IHostedService>().OfType<AuditSealer>().Single();
        await WriteAsync(portal, tenant, cancellation);
        List<double> without = [];
        List<double> with = [];
        for (var round = 0; round < Rounds; round++)
        {
            without.Add(await WriteAsync(portal, tenant, cancellation));
            await sealer.SweepAsync(cancellation);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var sealing = SealAsync(sealer, stop.Token);
            with.Add(await WriteAsync(portal, tenant, cancellation));
            await stop.CancelAsync();
            await sealing;
        }

        report.Add("audit.append_without_chain", BenchReport.Median(without), "/s");
        report.Add("audit.append_with_chain", BenchReport.Median(with), "/s");
        report.AddRatio("audit.append", BenchReport.Median(with) / BenchReport.Median(without), 0.8);
        await WalkAsync(report, portal, sealer, cancellation);
    }

    /// <summary>Ten times as often as the portal does it.</summary>
    private static async Task SealAsync(AuditSealer sealer, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await sealer.SweepAsync(CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // The round is over.
        }
    }

    private static async Task<double> WriteAsync(PortalHost portal, TenantId tenant, CancellationToken cancellation)
    {
        var audit = portal.Services.GetRequiredService<AuditLog>();
        var (clock, written) = (Stopwatch.StartNew(), 0);
        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(_ =>
                    Task.Run(
                        async () =>
                        {
                            while (clock.Elapsed < Length)
                            {
                                await audit.WriteAsync(Happened(tenant), cancellation);
                                Interlocked.Increment(ref written);
                            }
                        },
                        cancellation
                    )
                )
        );
        return written / clock.Elapsed.TotalSeconds;
    }

    private static async Task WalkAsync(BenchReport report, PortalHost portal, AuditSealer sealer, CancellationToken cancellation)
    {
        var tenant = await portal.AddTenantAsync("walked.test");
        var audit = portal.Services.GetRequiredService<AuditLog>();
        for (var written = 0; written < Walked; written += 5_000)
        {
            await portal.WithDbAsync(db =>
            {
                foreach (var _ in Enumerable.Range(0, 5_000))
                {
                    audit.Add(db, Happened(tenant));
                }

                return db.SaveChangesAsync(cancellation);
            });
        }

        await sealer.SweepAsync(cancellation);
        var verification = portal.Services.GetRequiredService<AuditVerification>();
        List<double> rates = [];
        for (var round = 0; round < 3; round++)
        {
            var clock = Stopwatch.StartNew();
            var walked = await verification.VerifyAsync(tenant, null, cancellation);
            Assert.Empty(walked.Findings);
            rates.Add(walked.Sealed / clock.Elapsed.TotalSeconds);
        }

        report.Add("audit.verify", BenchReport.Median(rates), "entries/s");
        report.AddRatio("audit.verify_of_100000", BenchReport.Median(rates) / 100_000, 1);
    }

    private static AuditEvent Happened(TenantId tenant) =>
        new(AuditEventId.ResetBegun, tenant, Actor.Visitor)
        {
            Subject = AuditSubject.User("0197c1f2a3b4"),
            Trace = "ABCD-EFGH",
            Network = "203.0.113.0/24",
            Detail = "Begun at the page, by a browser that was seen before.",
        };
}
