using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PortalApp.Audit;
using PortalApp.Audit.Chain;
using PortalApp.Audit.Tallies;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.PasswordReset;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Operator;

/// <summary>A past that an operator has made up for who tries the portal.</summary>
public sealed class DemoPastTests
{
    [Fact]
    public async Task A_past_says_of_each_row_that_it_is_made_up_is_written_once_and_leaves_the_audit_whole()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@gmail.example");
        var yesterday = new DateTimeOffset(portal.Clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(-1);
        await portal.WithDbAsync(db =>
        {
            db.Add(
                new DailyTally
                {
                    Tenant = portal.Tenant.Id,
                    Day = DateOnly.FromDateTime(yesterday.UtcDateTime).DayNumber,
                    Kind = TallyKind.GatePassed,
                    Of = "AlternateEmail",
                    Count = 1,
                }
            );
            return db.SaveChangesAsync();
        });

        var written = await PastAsync(portal, "Development");

        Assert.Equal((0, ""), (written.ExitCode, written.Error));
        Assert.Contains("rows of a past that is made up", written.Output, StringComparison.Ordinal);
        var resets = await portal.WithDbAsync(db => db.Set<AuditEntry>().Where(a => a.At < yesterday).ToListAsync());
        Assert.Equal(30, resets.Select(a => a.At.UtcDateTime.Date).Distinct().Count());
        Assert.All(resets, a => Assert.Equal("made up for a demo", a.Detail));
        var requests = await portal.WithDbAsync(db => db.Set<Request>().ToListAsync());
        Assert.NotEmpty(requests);
        Assert.All(requests, r => Assert.StartsWith("made-up-", r.Id, StringComparison.Ordinal));

        var rows = await RowsAsync(portal);
        var again = await PastAsync(portal, "Development");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("has a past that is made up already", again.Error, StringComparison.Ordinal);
        Assert.Equal(rows, await RowsAsync(portal));

        await portal
            .Services.GetServices<IHostedService>()
            .OfType<AuditSealer>()
            .Single()
            .SweepAsync(TestContext.Current.CancellationToken);
        var verified = await RunAsync(portal, "Development", "audit", "verify");
        Assert.Equal(0, verified.ExitCode);
        Assert.Contains("all as written", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_portal_that_serves_people_is_given_no_past()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@gmail.example");
        var rows = await RowsAsync(portal);

        var refused = await PastAsync(portal, "Production");

        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("in Development alone", refused.Error, StringComparison.Ordinal);
        Assert.Equal(rows, await RowsAsync(portal));
    }

    private static Task<(int, int, int)> RowsAsync(ResetPortal portal) =>
        portal.WithDbAsync(async db =>
            (
                await db.Set<AuditEntry>().CountAsync(a => a.Event == AuditEventId.ResetDone),
                await db.Set<Request>().CountAsync(),
                await db.Set<DailyTally>().CountAsync()
            )
        );

    private static Task<CommandOutcome> PastAsync(ResetPortal portal, string environment) =>
        RunAsync(portal, environment, "demo", "past", "--tenant", portal.Tenant.Id.ToString());

    private static Task<CommandOutcome> RunAsync(ResetPortal portal, string environment, params string[] arguments) =>
        OperatorRun.RunAsync(
            arguments,
            RunningPortal.ArgumentsOf(
                portal.Database.Folder,
                new Dictionary<string, string?>(portal.Database.Settings)
                {
                    ["Portal:Origin"] = "https://portal.example",
                    ["environment"] = environment,
                    ["Mail:Outbox"] = null,
                    ["Mail:Smtp:Host"] = "127.0.0.1",
                }
            )
        );
}
