using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Portal.Writeback;
using PortalApp.PasswordReset.Decoys;
using PortalApp.PasswordReset.Flows;
using PortalApp.Secrets;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;
using PortalApp.Throttle.Familiar;

namespace PortalApp.Tests.PasswordReset;

/// <summary>What is left to a person at whom strangers guess, and what strangers read.</summary>
public sealed partial class LimitedAccountTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Case", "H14")]
    public async Task A_browser_in_which_the_person_succeeded_gets_through_when_strangers_have_used_up_theirs()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        using var own = portal.NewPerson();
        await ResetAsync(portal, own);
        await ForgetNetworkAsync(portal, anna.Id);
        await GuessFromEverywhereAsync(portal, anna.Id);
        using var elsewhere = portal.NewPerson();

        Assert.Contains("SSPR_0031", (await elsewhere.BeginAsync("anna@corp.test")).Text, StringComparison.Ordinal);
        Assert.Equal(ResetPaths.Verify, (await own.BeginAsync("anna@corp.test")).Location);
    }

    [Fact, Trait("Case", "H14"), Trait("Case", "H1")]
    public async Task A_limited_account_reads_alike_whether_or_not_there_is_one()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        var nobody = Decoy.Of(
            portal.Services.GetRequiredService<PortalKeys>().Decoy,
            portal.Tenant.Id,
            Portal.Tenants.UserPrincipalName.TryParse("nobody@corp.test")!
        );
        await GuessFromEverywhereAsync(portal, anna.Id);
        await GuessFromEverywhereAsync(portal, nobody.Subject);
        using var person = portal.NewPerson();

        var (real, made) = (await person.BeginAsync("anna@corp.test"), await person.BeginAsync("nobody@corp.test"));

        Assert.Contains("This account is limited at the moment", real.Text, StringComparison.Ordinal);
        Assert.Contains("+31 201234567", real.Text, StringComparison.Ordinal);
        Assert.Equal(real.Comparable, made.Comparable);
    }

    [Fact, Trait("Case", "H9")]
    public async Task Passing_what_is_asked_for_begins_the_count_of_failures_anew()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        await GuessFromEverywhereAsync(portal, anna.Id, 79);
        using var person = portal.NewPerson();
        await portal.ReachPasswordAsync(person, "anna@corp.test", "anna@gmail.example");

        await GuessFromEverywhereAsync(portal, anna.Id, 79);
        using var another = portal.NewPerson();
        Assert.Equal(ResetPaths.Verify, (await another.BeginAsync("anna@corp.test")).Location);
    }

    [Fact, Trait("Case", "H10")]
    public async Task Where_many_guess_every_name_alike_is_asked_for_a_second_check_made_for_it_alone()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@gmail.example");
        var budgets = portal.Services.GetRequiredService<FailureBudgets>();
        for (var wrong = 0; wrong < Limits.Standard.FailuresOfAll.Most; wrong++)
        {
            await budgets.CountAsync(portal.Tenant.Id, Cancellation);
        }

        using var person = portal.NewPerson();
        foreach (var name in new[] { "anna@corp.test", "nobody@corp.test", "anna@elsewhere.example" })
        {
            var asked = await person.BeginAsync(name);
            Assert.Equal(HttpStatusCode.OK, asked.Status);
            Assert.Contains("One more check is needed", asked.Text, StringComparison.Ordinal);
            Assert.Contains($"value=\"{name}\"", asked.Text, StringComparison.Ordinal);
        }

        var forAnna = SolveOn(await person.BeginAsync("anna@corp.test"));
        Assert.Contains("not finished", (await person.BeginAsync("nobody@corp.test", forAnna)).Text, StringComparison.Ordinal);
        forAnna = SolveOn(await person.BeginAsync("anna@corp.test"));
        Assert.Equal(ResetPaths.Verify, (await person.BeginAsync("anna@corp.test", forAnna)).Location);
        Assert.Contains("not finished", (await person.BeginAsync("anna@corp.test", forAnna)).Text, StringComparison.Ordinal);
        var closed = SolveOn(await person.BeginAsync("anna@elsewhere.example"));
        Assert.Contains("SSPR_0009", (await person.BeginAsync("anna@elsewhere.example", closed)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_code_is_answered_by_a_redirect_so_that_a_reload_sends_nothing()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@gmail.example");
        using var person = portal.NewPerson();
        await person.BeginAsync("anna@corp.test");
        var said = await person.TypeCodeAsync("00000000");
        var again = await person.GetAsync($"{ResetPaths.Verify}?refused=Wrong");

        Assert.Contains("You have 4 tries left", said.Text, StringComparison.Ordinal);
        Assert.Equal(said.Comparable, again.Comparable);
    }

    [Fact, Trait("Case", "H15")]
    public async Task The_page_says_when_another_code_can_be_asked_for_and_when_none_can()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@gmail.example");
        using var person = portal.NewPerson();
        await person.BeginAsync("anna@corp.test");
        var first = await person.GetAsync(ResetPaths.Verify);
        Assert.Contains("data-countdown=\"You can ask for another in {0}.\"", first.Text, StringComparison.Ordinal);
        Assert.Contains("A code was sent just now", (await AskAsync()).Text, StringComparison.Ordinal);

        foreach (var _ in new[] { 2, 3 })
        {
            portal.Clock.Advance(Limits.Standard.CodeWait);
            Assert.Equal($"{ResetPaths.Verify}?again=1", (await AskAsync()).Location);
        }

        portal.Clock.Advance(Limits.Standard.CodeWait);
        var last = await person.GetAsync(ResetPaths.Verify);
        Assert.Contains("We sent you three codes", last.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Send a new code", last.Text, StringComparison.Ordinal);

        Task<Answer> AskAsync() => person.PostAsync(ResetPaths.Verify, Person.NewCodeForm);
    }

    /// <summary>The challenge that stands on the page itself.</summary>
    private static string SolveOn(Answer page) =>
        CaptchaSolver.Solve(JsonNode.Parse(WebUtility.HtmlDecode(OnPage().Match(page.Html).Groups["json"].Value))!.AsObject());

    [GeneratedRegex("""challenge="(?<json>\{[^"]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex OnPage();

    private static async Task ResetAsync(ResetPortal portal, Person person)
    {
        await portal.ReachPasswordAsync(person, "anna@corp.test", "anna@gmail.example");
        await person.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(false));
        Assert.Contains("Your password has been reset", (await person.GetAsync(ResetPaths.Result)).Text, StringComparison.Ordinal);
    }

    /// <summary>All browsers of the tests are in one network: without it, the browser alone is familiar.</summary>
    private static Task<int> ForgetNetworkAsync(ResetPortal portal, string subject) =>
        portal.WithDbAsync(async db =>
        {
            var places = db.Set<FamiliarPlace>().Where(p => p.Subject == subject).ToList();
            Assert.Equal(2, places.Count);
            db.RemoveRange(places.OrderBy(p => p.Id).Skip(1));
            return await db.SaveChangesAsync();
        });

    private static Task<int> GuessFromEverywhereAsync(ResetPortal portal, string subject, int guesses = 100) =>
        portal.WithDbAsync(async db =>
        {
            var failures = portal.Services.GetRequiredService<FailureStore>();
            for (var guess = 0; guess < guesses; guess++)
            {
                var network = NetworkPrefix.Of(new IPAddress([203, 0, (byte)(guess % 50), 7]));
                await failures.TakeAsync(db, portal.Tenant.Id, subject, new(network, Familiarity.Stranger), Cancellation);
            }

            return guesses;
        });
}
