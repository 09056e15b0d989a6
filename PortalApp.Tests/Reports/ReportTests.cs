using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Audit.Tallies;
using PortalApp.Reports;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Reports;

/// <summary>What the reports count, at both databases.</summary>
public class ReportTests
{
    [Fact]
    [Trait("Case", "H104")]
    public async Task Ends_are_counted_by_day_and_reason_and_nothing_of_another_tenant()
    {
        await using var portal = await PortalHost.StartAsync();
        var (ground, other) = (await GroundAsync(portal), await portal.AddTenantAsync("other.test"));
        await ground.HappenedAsync(AuditEventId.ResetDone, "Applied", "None", daysAgo: 0);
        await ground.HappenedAsync(AuditEventId.ChangeDone, "Applied", "None", daysAgo: 2);
        await ground.HappenedAsync(AuditEventId.ResetFailed, "Rejected", "InHistory", daysAgo: 2);
        await ground.HappenedAsync(AuditEventId.ResetRefused, null, "NoLicence", daysAgo: 29);
        await ground.HappenedAsync(AuditEventId.ResetDone, "Applied", "None", daysAgo: 30);
        await ground.HappenedAsync(AuditEventId.ResetDone, "Applied", "None", daysAgo: 1, of: other);

        var shown = await ground.ShownAsync("resets");

        Assert.Equal([2L, 4L], shown.Lead.Values);
        var bars = shown.Chart!.Bars;
        Assert.Equal((30, "1,0,0,0", "1,1,0,0", "0,0,1,0"), (bars.Count, Text(bars[29]), Text(bars[27]), Text(bars[0])));
        Assert.Equal("InHistory|1|0.25\nNoLicence|1|0.25", ReportGround.Lines(shown.Tables[0]));
        Assert.Equal([0L, 1L], (await ground.ShownAsync("resets", why: "InHistory")).Lead.Values);
        Assert.Equal([1L, 1L], (await ground.ShownAsync("resets", choice: "changes")).Lead.Values);
    }

    [Fact]
    public async Task An_end_that_was_not_known_counts_once_as_what_evidence_told()
    {
        await using var portal = await PortalHost.StartAsync();
        var ground = await GroundAsync(portal);
        await ground.HappenedAsync(AuditEventId.ResetUnknown, "Unknown", "AnswerLost", daysAgo: 1, request: "resolved");
        await ground.HappenedAsync(AuditEventId.ResetDone, "Applied", "None", daysAgo: 0, request: "resolved");
        await ground.HappenedAsync(AuditEventId.ResetUnknown, "Unknown", "AnswerLost", daysAgo: 1, request: "open");

        var shown = await ground.ShownAsync("resets");

        Assert.Equal([1L, 2L], shown.Lead.Values);
        Assert.Equal("AnswerLost|1|0.5", ReportGround.Lines(shown.Tables[0]));
    }

    [Fact]
    public async Task Rows_are_latest_first_on_a_page_and_all_of_them_in_the_file()
    {
        await using var portal = await PortalHost.StartAsync();
        var ground = await GroundAsync(portal);
        await ground.HappenedAsync(AuditEventId.ResetDone, "Applied", "None", daysAgo: 3, trace: "C");
        await ground.HappenedAsync(AuditEventId.ResetFailed, "Rejected", "InHistory", daysAgo: 1, trace: "A");
        await ground.HappenedAsync(AuditEventId.ResetRefused, null, "Closed", daysAgo: 2, trace: "B");

        Assert.Equal(["A", "B"], (await ground.RowsAsync("resets", new(0, 2))).Select(TraceOf));
        Assert.Equal(["C"], (await ground.RowsAsync("resets", new(2, 2))).Select(TraceOf));
        Assert.Equal(["A", "B", "C"], (await ground.RowsAsync("resets", RowWindow.All)).Select(TraceOf).Order());

        static string TraceOf(string row) => row.Split('|')[4];
    }

    [Fact]
    public async Task Writeback_tells_how_long_half_and_nearly_all_took_and_what_is_not_known()
    {
        await using var portal = await PortalHost.StartAsync();
        var ground = await GroundAsync(portal);
        for (var n = 1; n <= 20; n++)
        {
            await ground.RequestedAsync($"r{n}", RequestOutcome.Applied, WritebackReason.None, seconds: n);
        }

        await ground.RequestedAsync("open", RequestOutcome.Unknown, WritebackReason.AnswerLost, seconds: 99);
        await ground.RequestedAsync("resolved", RequestOutcome.Applied, WritebackReason.None, seconds: 99, isResolved: true);

        var shown = await ground.ShownAsync("writeback");

        Assert.Equal([21L, 22L], shown.Lead.Values);
        Assert.Equal("TookHalf|10000\nTookMost|19000\nUnknownOpen|1\nUnknownResolved|1", ReportGround.Lines(shown.Tables[0]));
        Assert.Equal("AnswerLost|1|0.0455", ReportGround.Lines(shown.Tables[1]));
        Assert.Equal(22, (await ground.RowsAsync("writeback", RowWindow.All)).Count);
    }

    [Fact]
    public async Task What_is_counted_of_a_day_stands_in_the_report_of_gates_and_one_count_loses_none()
    {
        await using var portal = await PortalHost.StartAsync(services =>
            services.Configure<PortalApp.Notifications.Phone.PhoneOptions>(phone => phone.TextPrices.Add("NL=0.08"))
        );
        var tenant = await portal.AddTenantAsync("corp.test");
        var tallies = portal.Services.GetRequiredService<TallyStore>();
        await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => tallies.CountAsync(tenant, TallyKind.GatePassed, "MobilePhoneText", default))
        );
        await tallies.CountAsync(tenant, TallyKind.GateFailed, "MobilePhoneText", default);
        await tallies.CountAsync(tenant, TallyKind.Texted, "NL", default);
        await tallies.CountAsync(tenant, TallyKind.Texted, "NL", default);
        await tallies.CountAsync(tenant, TallyKind.Called, "BE", default);

        var shown = await new ReportGround(portal.Services, tenant, portal.Clock.GetUtcNow()).ShownAsync("gates");

        Assert.Equal("20,1", Text(shown.Chart!.Bars[^1]));
        Assert.Equal("MobilePhoneText|20|1|0.9524", ReportGround.Lines(shown.Tables[0]));
        Assert.Equal("Texted|NL|2|0.16\nCalled|BE|1|", ReportGround.Lines(shown.Tables[1]));
    }

    [Fact]
    public async Task Whoever_cannot_reset_stands_there_with_the_reason_and_what_is_missing()
    {
        await using var portal = await PortalHost.StartAsync();
        var ground = await GroundAsync(portal);
        await portal.AddUserAsync(await TenantAsync(portal), "corp", "anna@corp.test");
        await portal.AddUserAsync(await TenantAsync(portal), "corp", "bram@corp.test");

        var shown = await ground.ShownAsync("registration");

        Assert.Equal([0, 2], shown.Lead.Values);
        Assert.Contains("StandingTooFewMethods|2|1", ReportGround.Lines(shown.Tables[0]), StringComparison.Ordinal);
        var rows = await ground.RowsAsync("registration", RowWindow.All, choice: "TooFewMethods");
        Assert.Equal(["anna@corp.test", "bram@corp.test"], rows.Select(row => row.Split('|')[1]));
        Assert.Equal(rows[1..], await ground.RowsAsync("registration", new(1, 1)));
        Assert.Empty(await ground.RowsAsync("registration", RowWindow.All, choice: "Proceed"));
    }

    private static async Task<ReportGround> GroundAsync(PortalHost portal) =>
        new(portal.Services, await portal.AddTenantAsync("corp.test"), portal.Clock.GetUtcNow());

    private static async Task<TenantId> TenantAsync(PortalHost portal) =>
        (await portal.Services.GetRequiredService<PortalApp.Tenants.TenantStore>().FindByDomainAsync("corp.test", default))!
            .Value
            .Tenant
            .Id;

    private static string Text(ReportBar bar) => string.Join(',', bar.Counts);
}

[OnPostgreSql]
public sealed class ReportTestsOnPostgreSql : ReportTests;
