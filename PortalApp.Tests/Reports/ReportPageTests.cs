using System.Net;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Audit.Tallies;
using PortalApp.Reports;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Reports;

/// <summary>The reports as they are asked for and shown.</summary>
public sealed class ReportPageTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-11-32", null, "NoSuchDay")]
    [InlineData(null, "yesterday", "NoSuchDay")]
    [InlineData("2026-11-20", "2026-11-19", "FromAfterUntil")]
    [InlineData("2020-01-01", "2026-11-19", "TooManyDays")]
    public void Days_that_cannot_be_are_said_and_the_latest_thirty_stand_in_their_place(string? from, string? until, string complaint)
    {
        var query = Of(from, until);

        Assert.Equal((complaint, new DateOnly(2026, 10, 27), new DateOnly(2026, 11, 25)), (query.Complaint, query.From, query.Until));
    }

    [Fact]
    public void Bars_begin_where_a_week_or_month_begins_and_are_never_too_many_to_tell_apart()
    {
        Assert.Equal(["11-20", "11-21", "11-22"], Edges(Of("2026-11-20", "2026-11-21")));
        Assert.Equal(["11-20", "11-23", "11-26"], Edges(Of("2026-11-20", "2026-11-25", "Week")));
        Assert.Equal(["10-20", "11-01", "11-26"], Edges(Of("2026-10-20", "2026-11-25", "Month")));
        Assert.Equal(BarStep.Week, Of("2026-01-01", "2026-11-25", "Day").Step);

        static IEnumerable<string> Edges(ReportQuery query) => query.Edges().Select(day => $"{day:MM-dd}");
    }

    [Fact]
    [Trait("Case", "H110")]
    [Trait("Case", "H95")]
    public async Task A_file_holds_every_row_no_formula_and_nothing_for_whom_it_is_no_more()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var reader = await DeskPerson.SetUpAsync(portal, "reader", Role.ReportsReader);
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == anna.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.DisplayName, "=1+1"))
        );
        var ground = new ReportGround(portal.Services, portal.Tenant.Id, portal.Clock.GetUtcNow());
        await ground.HappenedAsync(AuditEventId.ResetFailed, "Rejected", "InHistory", 1, anna.Id, "K4T9-83QX");

        var csv = (await reader.Browser.GetAsync("/desk/reports/resets.csv")).Text;
        Assert.Contains("'=1+1,ResetFailed,InHistory,10.1.2.0/24,K4T9-83QX,", csv, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await reader.Browser.GetAsync("/desk/reports/resets.csv?from=x")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await reader.Browser.GetAsync("/desk/reports/none.csv")).Status);

        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.UserPrincipalName == reader.Name).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, Role.User))
        );
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.Browser.GetAsync("/desk/reports/resets.csv")).Status);
    }

    [Fact]
    [Trait("Case", "H99")]
    public async Task A_page_shows_words_a_wrong_day_is_said_beside_it_and_script_is_only_a_name()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var helper = await DeskPerson.SetUpAsync(portal, "helper", Role.Helpdesk);
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == anna.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.DisplayName, "<script>1</script>"))
        );
        var ground = new ReportGround(portal.Services, portal.Tenant.Id, portal.Clock.GetUtcNow());
        await ground.HappenedAsync(
            AuditEventId.ResetFailed,
            "Rejected",
            "InHistory",
            1,
            anna.Id,
            "K4T9-83QX",
            network: "<script>2</script>"
        );

        var page = (await helper.Browser.GetAsync("/desk/reports/resets")).Html;
        Assert.Contains("0 of 1 ended in a new password", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;1&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>1", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>2", page, StringComparison.Ordinal);

        var wrong = (await helper.Browser.GetAsync("/desk/reports/resets?from=2026-02-31")).Text;
        Assert.Contains("This is not a day.", wrong, StringComparison.Ordinal);
        Assert.Contains("value=\"2026-02-31\"", wrong, StringComparison.Ordinal);
        Assert.Contains("There is no such report", (await helper.Browser.GetAsync("/desk/reports/none")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_answer_and_a_right_one_are_counted_by_method()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@gmail.example");
        using var person = portal.NewPerson();
        await person.BeginAsync("anna@corp.test");
        await person.TypeCodeAsync("00000000");
        await person.TypeCodeAsync(await portal.CodeToAsync("anna@gmail.example"));

        var counted = await portal.WithDbAsync(db => db.Set<DailyTally>().OrderBy(t => t.Kind).ToListAsync());
        Assert.Equal(
            [(TallyKind.GatePassed, "AlternateEmail", 1L), (TallyKind.GateFailed, "AlternateEmail", 1L)],
            counted.Select(t => (t.Kind, t.Of, t.Count))
        );
    }

    [Fact]
    public void A_chart_says_in_words_what_it_draws_and_has_its_numbers_in_a_table()
    {
        using var context = new BunitContext();
        context.Services.AddLocalization();
        var day = new DateOnly(2026, 11, 1);
        ReportChart chart = new("ChartResets", ["EndDone", "EndFailed"], [new(day, [3, 1]), new(day.AddDays(1), [0, 0])]);

        var drawn = context.Render<BarChart>(p => p.AddCascadingValue(chart));

        Assert.Contains("4 since", drawn.Find("[role=img]").GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Equal(["3", "1"], drawn.FindAll("tbody tr:last-child td").Select(td => td.TextContent));
        var (done, failed) = (drawn.Find(".wide rect.s1"), drawn.Find(".wide rect.s2"));
        Assert.Equal(("153", "51"), (done.GetAttribute("height"), failed.GetAttribute("height")));
    }

    private static ReportQuery Of(string? from, string? until, string? step = null) =>
        ReportQuery.Of(new HelpdeskReport(null!, null!, null!), Now, new(from, until, step, null, null, null));
}
