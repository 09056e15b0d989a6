using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Administration.People;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.PasswordReset.Flows;
using PortalApp.Reports;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.Reports;
using PortalApp.Users;

namespace PortalApp.Tests.Data;

/// <summary>No statement that a stranger or a letter typed into the search can cause walks through a table that grows.</summary>
public class QueryPlanTests
{
    private const string Anna = "anna@corp.test";
    private const string Mail = "anna@gmail.example";

    /// <summary>Read whole on purpose.</summary>
    private static readonly Dictionary<string, string> Small = new()
    {
        ["DataProtectionKeys"] = "one key for three months",
        ["IX_Request_OneOpen"] = "holds the open requests alone",
    };

    [Fact]
    public async Task The_way_of_a_reset_searches()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        await portal.AddTenantAsync("Closed", "closed.test", PasswordManagement.Federated, enabled: false);
        using var recorder = await StatementRecorder.StartAsync(portal.Database, portal.WithDbAsync);

        foreach (var name in new[] { "nobody@nowhere.test", "nobody@closed.test", "nobody@corp.test" })
        {
            using var stranger = portal.NewPerson();
            await stranger.BeginAsync(name);
            await stranger.TypeCodeAsync("00000000");
        }

        using var elsewhere = portal.NewPerson();
        await elsewhere.BeginAsync(Anna);
        await portal.MailsToAsync(Mail);
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        using var anna = portal.NewPerson();
        await anna.GetAsync("/sign-in");
        await anna.BeginAsync(Anna);
        await anna.TypeCodeAsync("00000000");
        await anna.PostAsync(ResetPaths.Verify, Person.NewCodeForm);
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.NotAttempted(WritebackReason.NoAgent, null));
        await anna.GetAsync(ResetPaths.Password);
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await anna.PostAsync(ResetPaths.Password, ResetForms.CheckAgain);
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        await anna.GetAsync(ResetPaths.Password);
        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(true));
        await anna.GetAsync(ResetPaths.Result);
        await portal.MailsToAsync(Mail);

        await AssertSearchesAsync(recorder, portal.WithDbAsync);
        Assert.Contains(recorder.Statements, s => s.Text.Contains("\"OutgoingMessage\"", StringComparison.Ordinal));
        Assert.Contains(recorder.Statements, s => s.Text.Contains("\"SpentChallenge\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_calls_of_agents_search()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var code = await portal.NewCodeAsync(tenant);
        var agent = portal.NewAgent();
        using var recorder = await StatementRecorder.StartAsync(portal.Database, portal.WithDbAsync);
        await agent.EnrolAsync(code);
        await agent.EnrolAsync("a code that nobody issued");
        await agent.HelloAsync();
        await agent.ListenAsync(_ => Task.CompletedTask);
        var request = await portal.SentAsync(tenant);
        var attempt = TestAgent.NewId();
        await agent.ClaimAsync(request, attempt);
        await agent.PendingAsync();
        await agent.ReportAsync(request, attempt, new WritebackResult.Unknown(WritebackReason.AnswerLost, null));
        await agent.ReportAsync(request, attempt, new WritebackResult.Applied(true));
        await agent.ReportAsync(TestAgent.NewId(), attempt, new WritebackResult.Applied(true));

        await AssertSearchesAsync(recorder, portal.WithDbAsync);
        Assert.Contains(recorder.Statements, s => s.Text.Contains("\"SpentCall\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_search_for_people_searches()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        await portal.AddUserAsync(tenant, "corp", Anna);
        var search = portal.Services.GetRequiredService<UserSearch>();
        using var recorder = await StatementRecorder.StartAsync(portal.Database, portal.WithDbAsync);
        foreach (var sort in new[] { "name", "-name", "id", "-id" })
        {
            await search.FindAsync(tenant, UserQuery.Of(null, null, sort, null), default);
            await search.FindAsync(tenant, UserQuery.Of("ann", null, sort, null), default);
            await search.FindAsync(tenant, UserQuery.Of("ann corp", null, sort, null), default);
            await search.FindAsync(tenant, UserQuery.Of("ann", "any", sort, null), default);
        }

        await AssertSearchesAsync(recorder, portal.WithDbAsync);
        Assert.Contains(recorder.Statements, s => s.Text.Contains("\"SearchTerm\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_reports_search()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        await portal.AddUserAsync(tenant, "corp", Anna);
        await portal.AddUserAsync(tenant, "corp", "helper@corp.test");
        await portal.WithDbAsync(db =>
            db.Set<User>()
                .Where(u => u.UserPrincipalName == "helper@corp.test")
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, Role.Helpdesk))
        );
        var ground = new ReportGround(portal.Services, tenant, portal.Clock.GetUtcNow());
        await ground.HappenedAsync(AuditEventId.ResetUnknown, "Unknown", "AnswerLost", daysAgo: 1);
        await ground.HappenedAsync(AuditEventId.HelpdeskActed, "LiftLimit", null, daysAgo: 1);
        using var recorder = await StatementRecorder.StartAsync(portal.Database, portal.WithDbAsync);
        foreach (var report in portal.Services.GetRequiredService<IEnumerable<Report>>())
        {
            await ground.ShownAsync(report.Name);
            await ground.RowsAsync(report.Name, new(0, 25));
            await ground.RowsAsync(report.Name, RowWindow.All);
        }

        await AssertSearchesAsync(recorder, portal.WithDbAsync);
        Assert.Contains(recorder.Statements, s => s.Text.Contains("\"DailyTally\"", StringComparison.Ordinal));
    }

    private static async Task AssertSearchesAsync(
        StatementRecorder recorder,
        Func<Func<PortalDb, Task<List<string>>>, Task<List<string>>> with
    )
    {
        var statements = recorder.Statements;
        var scanning = await with(async db =>
        {
            List<string> found = [];
            foreach (var statement in statements.Where(IsOfRows))
            {
                var scanned = await QueryPlan.ScannedAsync(db, statement);
                found.AddRange(scanned.Where(table => !Small.ContainsKey(table)).Select(table => $"{table}: {statement.Text}"));
            }

            return found;
        });

        Assert.True(scanning.Count == 0, string.Join("\n\n", scanning));
    }

    private static bool IsOfRows(RecordedStatement statement) =>
        new[] { "SELECT", "INSERT", "UPDATE", "DELETE", "WITH" }.Any(verb => statement.Text.StartsWith(verb, StringComparison.Ordinal))
        && statement.Text.Contains('"', StringComparison.Ordinal);
}
