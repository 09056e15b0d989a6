using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Audit.Chain;
using PortalApp.Audit.Syslog;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Operator;

/// <summary>One reset over HTTP, and what an operator is told of it afterwards.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private const string Mail = "anna.de.vries@flow.example";
    private ResetPortal portal = null!;
    private string code = "";
    private string trace = "";

    public async ValueTask InitializeAsync()
    {
        portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        using var anna = portal.NewPerson();
        await anna.BeginAsync("anna@corp.test");
        code = await portal.CodeToAsync(Mail);
        Pass();
        await anna.TypeCodeAsync(code);
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        await anna.GetAsync(ResetPaths.Password);
        Pass();
        await anna.FinishAsync();
        Pass();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(Unlocked: false));
        await anna.GetAsync(ResetPaths.Result);
        trace = await portal.WithDbAsync(db => db.Set<Flow>().Select(f => f.Trace).SingleAsync());
    }

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task The_code_that_a_person_reads_out_tells_the_whole_story_in_order()
    {
        var told = await RunAsync("trace", trace.ToLowerInvariant());

        Assert.Equal(0, told.ExitCode);
        var lines = told.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Select(line => line.Split('\t')[0]).Order(StringComparer.Ordinal), lines.Select(line => line.Split('\t')[0]));
        var at = 0;
        foreach (
            var step in new[]
            {
                "flow: Reset begun",
                "AlternateEmail passed",
                "Check sent to",
                "Settable",
                "Reset sent to",
                ": Applied",
                "31002 ResetDone",
            }
        )
        {
            at = Array.FindIndex(lines, at, line => line.Contains(step, StringComparison.Ordinal));
            Assert.True(at >= 0, $"{step} is not told, or in another order:\n{told.Output}");
        }
    }

    [Fact]
    public async Task A_code_that_nobody_was_given_is_refused()
    {
        var told = await RunAsync("trace", "AAAA-AAAA");

        Assert.Equal(1, told.ExitCode);
        Assert.Contains("Nothing is known of AAAA-AAAA", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H108")]
    public async Task Neither_the_audit_nor_what_is_shipped_of_it_holds_a_password_a_code_or_a_whole_address()
    {
        var entries = await portal.WithDbAsync(db => db.Set<AuditEntry>().AsNoTracking().ToListAsync());
        var seal = new AuditSeal { Number = 1, Mac = new byte[32] };
        var shipped = string.Join(
            '\n',
            entries.Select(entry => Encoding.UTF8.GetString(SyslogMessage.Frame(entry, seal, "portal.example")))
        );

        Assert.Contains("ResetDone", shipped, StringComparison.Ordinal);
        Assert.All([code, Person.Password, Mail, "201234567"], secret => Assert.DoesNotContain(secret, shipped, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_operator_is_told_whether_the_audit_is_what_was_written()
    {
        var whole = await RunAsync("audit", "verify");
        Assert.Equal(0, whole.ExitCode);
        Assert.Contains("all as written", whole.Output, StringComparison.Ordinal);
        await portal
            .Services.GetServices<IHostedService>()
            .OfType<AuditSealer>()
            .Single()
            .SweepAsync(TestContext.Current.CancellationToken);
        await portal.WithDbAsync(db =>
            db.Set<AuditEntry>()
                .Where(a => a.Event == AuditEventId.ResetDone)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.Trace, "ELSE-ELSE"))
        );

        var changed = await RunAsync("audit", "verify", "--tenant", portal.Tenant.Id.ToString());

        Assert.Equal(1, changed.ExitCode);
        Assert.Contains("was changed: entry", changed.Output, StringComparison.Ordinal);
        Assert.Contains("31002 ResetDone", changed.Output, StringComparison.Ordinal);
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----", (await RunAsync("audit", "key")).Output, StringComparison.Ordinal);
        var expected = await RunAsync("audit", "verify", "--tenant", portal.Tenant.Id.ToString(), "--expect", "9");
        Assert.Contains("write NUMBER:SEAL", expected.Error, StringComparison.Ordinal);
    }

    private void Pass() => portal.Clock.Advance(TimeSpan.FromSeconds(1));

    private Task<CommandOutcome> RunAsync(params string[] arguments) =>
        OperatorRun.RunAsync(
            arguments,
            RunningPortal.ArgumentsOf(
                portal.Database.Folder,
                new Dictionary<string, string?>(portal.Database.Settings) { ["Portal:Origin"] = "https://portal.example" }
            )
        );
}
