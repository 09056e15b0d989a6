using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Notifications;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Benchmarks;

/// <summary>A hundred and twenty mails at once to one domain, through a mail server that lets each caller wait six seconds for its greeting.</summary>
internal static class MailBench
{
    private const int Mails = 120;

    public static async Task RunAsync(BenchReport report, TestCertificates certificates, CancellationToken cancellation)
    {
        await using var server = await MailServer.StartAsync(cancellation, manner: new(Greeting: "delay = 6s"));
        await using var portal = await InProcessPortal.StartAsync(
            certificates,
            new Dictionary<string, string?>
            {
                ["Mail:Outbox"] = null,
                ["Mail:Smtp:Host"] = "127.0.0.1",
                ["Mail:Smtp:Port"] = server.Port.ToString(CultureInfo.InvariantCulture),
                ["Mail:Smtp:Security"] = "None",
            },
            cancellation
        );
        var queue = portal.Services.GetRequiredService<MessageQueue>();
        await using var db = await portal.OpenDatabaseAsync();
        var tenant = new Tenant { Name = "Corp", HelpdeskPhone = "+31 201234567" };
        db.Add(tenant);
        await db.SaveChangesAsync(cancellation);
        for (var n = 0; n < Mails; n++)
        {
            var ends = portal.Clock.GetUtcNow().AddMinutes(10);
            queue.Add(db, tenant.Id, MessageChannel.Email, new($"p{n}@a.example", "Code", "Your code is 12345678."), ends);
        }

        await db.SaveChangesAsync(cancellation);
        var clock = Stopwatch.StartNew();
        queue.Wake();
        await Eventually.TrueAsync(() => server.Count == Mails, TimeSpan.FromMinutes(10), $"{Mails} mails", cancellation);
        report.Add("hostile.slow_mail_last_of_120", clock.Elapsed.TotalSeconds, "s (≤ 60), each connection greeted after 6 s");
    }
}
