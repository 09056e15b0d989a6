using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Benchmarks;

/// <summary><c>GET /reset</c> beside a bare Kestrel page of the same bytes: wrk, 32 connections, loopback, rounds in turn.</summary>
internal static partial class PageBench
{
    private const int Rounds = 5;
    private const int SecondsPerRound = 4;
    private const int WarmUpSeconds = 10;

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        using var certificates = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"), cancellation);
        var folder = Repository.NewFolder("bench-page");
        await using var portal = new PortalProcess(folder, Path.Combine(folder, "portal.log"), Loopback.FreePort(), certificates);
        await portal.StartAsync(cancellation);
        using var client = certificates.CreateClient(portal.Origin);
        var page = await client.GetByteArrayAsync("/reset", cancellation);
        await using var bare = await StartBareAsync(certificates, folder, page);
        var portalPage = portal.Address + "/reset";
        var barePage = bare.Urls.First() + "/";
        await LoadAsync(portalPage, WarmUpSeconds, cancellation);
        await LoadAsync(barePage, WarmUpSeconds, cancellation);

        List<double> portalRates = [];
        List<double> bareRates = [];
        for (var round = 0; round < Rounds; round++)
        {
            bareRates.Add(await LoadAsync(barePage, SecondsPerRound, cancellation));
            portalRates.Add(await LoadAsync(portalPage, SecondsPerRound, cancellation));
        }

        report.Add("page.bytes", page.Length, "bytes");
        report.Add("page.bare", BenchReport.Median(bareRates), "pages/s");
        report.Add("page.reset", BenchReport.Median(portalRates), "pages/s");
        report.AddRatio("page.ratio", BenchReport.Median(portalRates) / BenchReport.Median(bareRates), atLeast: 0.16);
    }

    private static async Task<WebApplication> StartBareAsync(TestCertificates certificates, string folder, byte[] page)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        var files = certificates.Issue(Path.Combine(folder, "bare"), "bare", ["localhost"], [IPAddress.Loopback]);
        var certificate = X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        app.MapGet("/", () => Results.Bytes(page, "text/html; charset=utf-8"));
        await app.StartAsync();
        return app;
    }

    private static async Task<double> LoadAsync(string address, int seconds, CancellationToken cancellation)
    {
        var outcome = await Command.RequireAsync("wrk", ["-t1", "-c32", $"-d{seconds}s", address], cancellation: cancellation);
        return double.Parse(RequestsPerSecond().Match(outcome.Output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RequestsPerSecond();
}
