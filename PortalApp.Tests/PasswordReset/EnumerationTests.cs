using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.PasswordReset.Flows;

namespace PortalApp.Tests.PasswordReset;

/// <summary>What a stranger may learn by typing names.</summary>
public class EnumerationTests
{
    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H5")]
    public async Task A_name_without_an_account_gets_the_gate_page_of_one_that_has()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@gmail.com");
        using var known = portal.NewPerson();
        using var unknown = portal.NewPerson();

        var (begun, made) = (await known.BeginAsync(" Anna@CORP.test"), await unknown.BeginAsync("nobody@corp.test"));

        Assert.Equal((HttpStatusCode.SeeOther, ResetPaths.Verify), (begun.Status, begun.Location));
        Assert.Equal((begun.Status, begun.Location), (made.Status, made.Location));
        var (real, decoy) = (await known.GetAsync(ResetPaths.Verify), await unknown.GetAsync(ResetPaths.Verify));
        Assert.Contains("•••@g•••.com", decoy.Text, StringComparison.Ordinal);
        Assert.Equal(real.Comparable.Replace("anna%40", "nobody%40", StringComparison.Ordinal), decoy.Comparable);
    }

    [Fact]
    [Trait("Case", "H7")]
    public async Task A_decoys_gate_resends_and_refuses_like_a_real_one()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@gmail.com");
        using var known = portal.NewPerson();
        using var unknown = portal.NewPerson();
        await known.BeginAsync("anna@corp.test");
        await unknown.BeginAsync("nobody@corp.test");

        Assert.Equal(Shown(await known.TypeCodeAsync("abc")), Shown(await unknown.TypeCodeAsync("abc")));
        var (again, decoyAgain) = (await Resend(known), await Resend(unknown));
        Assert.Equal((again.Status, again.Location), (decoyAgain.Status, decoyAgain.Location));
    }

    [Fact]
    [Trait("Case", "H3")]
    public async Task A_refusal_that_every_account_gets_is_what_every_name_gets()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", mail: null);
        using var person = portal.NewPerson();

        var (real, made) = (await person.BeginAsync("anna@corp.test"), await person.BeginAsync("nobody@corp.test"));

        Assert.Contains("SSPR_0014", real.Html, StringComparison.Ordinal);
        Assert.Equal(real.Comparable, made.Comparable);
    }

    [Fact]
    [Trait("Case", "H4")]
    public async Task A_decoy_shows_the_same_mask_later_and_after_a_restart()
    {
        var portal = await ResetPortal.StartAsync();
        await using var last = await Both();

        async Task<ResetPortal> Both()
        {
            for (var i = 0; i < 6; i++)
            {
                await portal.AddUserAsync($"user{i}", $"user{i}@{(char)('a' + i)}.example");
            }

            var first = await MaskAsync(portal);
            portal.Clock.Advance(TimeSpan.FromMinutes(2));
            Assert.Equal(first, await MaskAsync(portal));
            var restarted = await portal.RestartAsync();
            Assert.Equal(first, await MaskAsync(restarted));
            return restarted;
        }
    }

    [Fact]
    [Trait("Case", "H8")]
    public async Task A_domain_that_nobody_has_reads_as_a_tenant_that_is_closed()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddTenantAsync("Shut", "shut.test", PasswordManagement.Federated, enabled: false);
        using var person = portal.NewPerson();

        var (shut, unknown) = (await person.BeginAsync("x@shut.test"), await person.BeginAsync("x@unknown.test"));

        Assert.Contains("SSPR_0009", shut.Html, StringComparison.Ordinal);
        Assert.Contains("SSPR_0009", unknown.Html, StringComparison.Ordinal);
        Assert.Equal(shut.Status, unknown.Status);
    }

    [Fact]
    [Trait("Case", "H6")]
    public async Task A_directory_that_does_not_answer_is_said_to_every_name()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@gmail.com");
        portal.Agent.Health = new WritebackResult.NotAttempted(WritebackReason.DirectoryUnreachable, null);
        using var person = portal.NewPerson();

        var (real, made) = (await person.BeginAsync("anna@corp.test"), await person.BeginAsync("nobody@corp.test"));

        Assert.Contains("SSPR_0030", real.Html, StringComparison.Ordinal);
        Assert.Equal(real.Comparable, made.Comparable);
    }

    [Fact]
    public async Task The_code_on_a_refusal_is_found_in_the_audit()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();

        var refused = await person.BeginAsync("nobody@corp.test");

        var entry = await portal.WithDbAsync(db => db.Set<AuditEntry>().SingleAsync(a => a.Event == AuditEventId.ResetRefused));
        Assert.Contains($"{entry.Detail} · {entry.Trace}", refused.Text, StringComparison.Ordinal);
        Assert.Equal(portal.Tenant.Id, entry.Tenant);
    }

    [Fact]
    public async Task The_code_on_a_refusal_after_the_gates_is_found_in_the_audit_once()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@home.example");
        using var anna = portal.NewPerson();
        await anna.BeginAsync("anna@corp.test");
        await anna.TypeCodeAsync(await portal.CodeToAsync("anna@home.example"));
        var isProtected = new WritebackResult.NotAttempted(WritebackReason.Protected, null);
        await portal.AnswerAsync(RequestKind.Check, isProtected);
        await portal.AnswerAsync(RequestKind.Check, isProtected);

        var refused = await anna.GetAsync(ResetPaths.Result);

        var entry = await portal.WithDbAsync(db => db.Set<AuditEntry>().SingleAsync(a => a.Event == AuditEventId.ResetRefused));
        Assert.Contains($"{entry.Detail} · {entry.Trace}", refused.Text, StringComparison.Ordinal);
        Assert.Equal(nameof(WritebackReason.Protected), entry.Reason);
    }

    [Fact]
    public async Task A_flow_is_forgotten_once_nothing_can_change_what_came_of_it()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@home.example");
        using var anna = portal.NewPerson();
        await anna.BeginAsync("anna@corp.test");
        var sweep = portal.Services.GetServices<IHostedService>().OfType<RetentionSweep>().Single();

        Assert.Equal(1, await LeftAfterAsync(TimeSpan.FromDays(7)));
        Assert.Equal(0, await LeftAfterAsync(TimeSpan.FromDays(9)));

        async Task<int> LeftAfterAsync(TimeSpan age)
        {
            var ended = portal.Clock.GetUtcNow() - age;
            await portal.WithDbAsync(db => db.Set<Flow>().ExecuteUpdateAsync(set => set.SetProperty(f => f.ExpiresAt, ended)));
            await sweep.SweepAsync(default);
            return await portal.WithDbAsync(db => db.Set<Flow>().CountAsync());
        }
    }

    private static async Task<string> MaskAsync(ResetPortal portal)
    {
        using var person = portal.NewPerson();
        await person.BeginAsync("nobody@corp.test");
        var html = (await person.GetAsync(ResetPaths.Verify)).Text;
        var at = html.IndexOf("•••@", StringComparison.Ordinal);
        return html[at..html.IndexOf('<', at)];
    }

    private static (HttpStatusCode, string) Shown(Answer answer) =>
        (answer.Status, answer.Comparable.Replace("anna%40", "nobody%40", StringComparison.Ordinal));

    private static Task<Answer> Resend(Person person) => person.PostAsync(ResetPaths.Verify, Person.NewCodeForm);
}
