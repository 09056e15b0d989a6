using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Gates;
using PortalApp.Users;

namespace PortalApp.Tests.PasswordReset;

/// <summary>People who have more than one way to prove who they are; one of the ways is a gate that the portal has never heard of.</summary>
public class GateChoiceTests
{
    private const string Anna = "anna@corp.test";
    private const string Mail = "anna@choice.example";
    private const string Offer = "Say the words that we agreed on";
    private const string WordsHeading = "Which words did we agree on?";
    private readonly WordGate words = new(99, Offer);
    private readonly WordGate others = new(98, "Say the other words");

    [Fact]
    public async Task A_gate_that_the_portal_has_never_heard_of_is_carried_to_the_password()
    {
        await using var portal = await StartAsync(mail: null, words);
        using var anna = portal.NewPerson();

        Assert.Equal(ResetPaths.Verify, (await anna.BeginAsync(Anna)).Location);
        var page = await anna.GetAsync(ResetPaths.Verify);
        Assert.Contains($"{WordsHeading}</h1>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Choose another way", page.Html, StringComparison.Ordinal);
        Assert.Contains("A word is missing", (await anna.SayWordsAsync(words.Method, "open", "")).Html, StringComparison.Ordinal);
        var wrong = await anna.SayWordsAsync(words.Method, "open", "barley");
        Assert.Contains("Those are not the words", wrong.Html, StringComparison.Ordinal);
        Assert.Contains("<title>Error: Which words", wrong.Html, StringComparison.Ordinal);
        Assert.Equal(ResetPaths.Password, (await anna.SayWordsAsync(words.Method, "open", "sesame")).Location);
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));

        Assert.Contains("Choose a new password", (await anna.GetAsync(ResetPaths.Password)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_several_ways_chooses_and_nothing_is_sent_before()
    {
        await using var portal = await StartAsync(Mail, words);
        using var anna = portal.NewPerson();

        Assert.Equal(ResetPaths.Method, (await anna.BeginAsync(Anna)).Location);
        var page = await anna.GetAsync(ResetPaths.Method);
        Assert.Contains("How can we reach you?</h1>", page.Html, StringComparison.Ordinal);
        Assert.Matches($"(?s)E-mail me at •••@c•••.example</button>.*{Offer}</button>", page.Text);
        Assert.Empty(await portal.MailsToAsync(Mail));

        Assert.Equal(ResetPaths.Verify, (await anna.ChooseAsync(GateMethod.AlternateEmail)).Location);
        Assert.Contains("We sent you a code</h1>", (await anna.GetAsync(ResetPaths.Verify)).Html, StringComparison.Ordinal);
        Assert.Equal(ResetPaths.Password, (await anna.TypeCodeAsync(await portal.CodeToAsync(Mail))).Location);
    }

    [Fact]
    public async Task Looking_for_another_way_and_taking_it_spends_nothing_of_the_first()
    {
        await using var portal = await StartAsync(Mail, words);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.ChooseAsync(GateMethod.AlternateEmail);
        var code = await portal.CodeToAsync(Mail);
        Assert.Contains(
            "href=\"/reset/method\">Choose another way",
            (await anna.GetAsync(ResetPaths.Verify)).Html,
            StringComparison.Ordinal
        );

        await anna.ChooseAsync(words.Method);
        Assert.Contains(WordsHeading, (await anna.GetAsync(ResetPaths.Verify)).Html, StringComparison.Ordinal);
        await anna.ChooseAsync(GateMethod.AlternateEmail);

        Assert.Single(await portal.MailsToAsync(Mail));
        Assert.Equal(ResetPaths.Password, (await anna.TypeCodeAsync(code)).Location);
    }

    [Fact]
    public async Task Back_reload_and_a_form_for_another_gate_lead_to_where_the_flow_is()
    {
        await using var portal = await StartAsync(Mail, words);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        Assert.Equal(ResetPaths.Method, (await anna.GetAsync(ResetPaths.Verify)).Location);
        await anna.ChooseAsync(GateMethod.AlternateEmail);
        var code = await portal.CodeToAsync(Mail);
        await anna.GetAsync(ResetPaths.Verify);
        using var older = anna.SecondTab();
        await anna.ChooseAsync(words.Method);

        var late = await older.PostAsync(ResetPaths.Verify, Person.CodeForm, ("code", code));

        Assert.Equal((HttpStatusCode.SeeOther, ResetPaths.Verify + "?moved=1"), (late.Status, late.Location));
        Assert.Contains(WordsHeading, (await anna.GetAsync(ResetPaths.Verify)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await anna.GetAsync(ResetPaths.Method)).Status);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<PassedGate>().CountAsync()));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("98")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_way_that_the_person_does_not_have_is_not_taken(string method)
    {
        await using var portal = await StartAsync(Mail, words, others);
        others.Agreed.Clear();
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.GetAsync(ResetPaths.Method);

        var answer = await anna.PostAsync(ResetPaths.Method, ResetForms.Choose, ("method", method));

        Assert.Equal(ResetPaths.Method + "?moved=1", answer.Location);
        Assert.Equal(ResetPaths.Method, (await anna.GetAsync(ResetPaths.Verify)).Location);
    }

    [Fact]
    public async Task With_two_gates_the_second_choice_offers_only_what_was_not_passed()
    {
        await using var portal = await StartAsync(Mail, words, others);
        await portal.RequireGatesAsync(2);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.ChooseAsync(words.Method);
        await anna.SayWordsAsync(words.Method, "open", "sesame");

        var second = await anna.GetAsync(ResetPaths.Method);
        Assert.Contains("Your organisation asks for one more", second.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(Offer, second.Html, StringComparison.Ordinal);
        Assert.Contains("Say the other words", second.Html, StringComparison.Ordinal);
        Assert.Equal(ResetPaths.Method + "?moved=1", (await anna.ChooseAsync(words.Method)).Location);
        await anna.ChooseAsync(others.Method);
        await anna.SayWordsAsync(others.Method, "open", "sesame");

        Assert.Equal(
            1,
            await portal.WithDbAsync(db => db.Set<PortalApp.Writeback.Requests.Request>().CountAsync(r => r.Kind == RequestKind.Check))
        );
    }

    [Fact]
    public async Task Where_just_one_way_is_left_for_the_second_gate_it_is_begun_at_once()
    {
        await using var portal = await StartAsync(Mail, words);
        await portal.RequireGatesAsync(2);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.ChooseAsync(words.Method);
        await anna.SayWordsAsync(words.Method, "open", "sesame");

        Assert.Equal(ResetPaths.Verify, (await anna.GetAsync(ResetPaths.Password)).Location);
        Assert.Contains("We sent you a code", (await anna.GetAsync(ResetPaths.Verify)).Html, StringComparison.Ordinal);
        Assert.Equal(ResetPaths.Password, (await anna.TypeCodeAsync(await portal.CodeToAsync(Mail))).Location);
    }

    [Fact]
    [Trait("Case", "H30")]
    public async Task What_a_passed_gate_stood_on_is_changed_and_the_gate_is_void()
    {
        await using var portal = await StartAsync(Mail, words, others);
        await portal.RequireGatesAsync(2);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.ChooseAsync(words.Method);
        await anna.SayWordsAsync(words.Method, "open", "sesame");
        words.Agreed[words.Agreed.Keys.Single()] = ("new", "words");

        Assert.Contains(Offer, (await anna.GetAsync(ResetPaths.Method)).Html, StringComparison.Ordinal);
        await anna.ChooseAsync(others.Method);
        await anna.SayWordsAsync(others.Method, "open", "sesame");

        Assert.NotEqual(ResetPaths.Password, (await anna.GetAsync(ResetPaths.Password)).Location ?? ResetPaths.Password);
        Assert.Equal(
            0,
            await portal.WithDbAsync(db => db.Set<PortalApp.Writeback.Requests.Request>().CountAsync(r => r.Kind == RequestKind.Check))
        );
    }

    /// <summary>Anna has mail, where it is given, and has agreed on the same words for each of the gates.</summary>
    private static async Task<ResetPortal> StartAsync(string? mail, params WordGate[] gates)
    {
        var portal = await ResetPortal.StartAsync(null, gates);
        User anna = await portal.AddUserAsync("anna", mail);
        Array.ForEach(gates, gate => gate.Agreed[anna.Id] = ("open", "sesame"));
        return portal;
    }
}
