using Microsoft.EntityFrameworkCore;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures;
using PortalApp.Throttle;

namespace PortalApp.Tests.PasswordReset;

/// <summary>What holds for each gate alike, each with a person of its own.</summary>
public sealed class EveryGateTests
{
    private static readonly GateMethod[] All = Enum.GetValues<GateMethod>();

    [Fact]
    [Trait("Case", "H37")]
    [Trait("Case", "H39")]
    public async Task It_is_passed_once_by_what_is_right_after_a_wrong_answer_a_reload_and_back_and_not_when_the_flow_has_ended()
    {
        await using var portal = await ResetPortal.StartAsync();
        foreach (var method in All)
        {
            using var proofs = await HeldProofs.OfNewAsync(portal, Name(method), 10 + (int)method);
            using var person = portal.NewPerson();
            await AtAsync(person, method);
            await SendAsync(person, method, Wrong);
            await person.GetAsync(ResetPaths.Verify);
            await person.GetAsync(ResetPaths.Method);
            await person.ChooseAsync(method);
            using var tab = person.SecondTab();
            var right = await RightAsync(portal, proofs, person, method);

            var passed = await SendAsync(tab, method, right);
            Assert.True(passed.Location == ResetPaths.Password, $"{method}: {passed.Location}");

            using var later = portal.NewPerson();
            await AtAsync(later, method);
            // Answers stay what they are; only of which questions is another matter.
            Assert.True(method == GateMethod.SecurityQuestions || IsStillAsked(await SendAsync(later, method, right)), $"{method} twice");
            var late = await RightAsync(portal, proofs, later, method);
            portal.Clock.Advance(Limits.Standard.FlowLifetime);
            Assert.NotEqual(ResetPaths.Password, (await later.PostAsync(ResetPaths.Verify, ResetForms.Answer(method), late)).Location);
            Assert.Equal(ResetPaths.Result, (await later.GetAsync(ResetPaths.Verify)).Location);
        }
    }

    [Fact]
    [Trait("Case", "H18")]
    public async Task It_is_passed_after_the_portal_was_started_anew()
    {
        var portal = await ResetPortal.StartAsync();
        var begun = new List<(GateMethod Method, HeldProofs Proofs, Person Person)>();
        foreach (var method in All)
        {
            var (proofs, person) = (await HeldProofs.OfNewAsync(portal, Name(method), 10 + (int)method), portal.NewPerson());
            await AtAsync(person, method);
            begun.Add((method, proofs, person));
        }

        await using var restarted = await portal.RestartAsync();
        foreach (var (method, proofs, person) in begun)
        {
            proofs.Portal = restarted;
            using var again = restarted.NewPerson();
            again.TakeCookiesOf(person);
            var passed = await SendAsync(again, method, await RightAsync(restarted, proofs, again, method));
            Assert.True(passed.Location == ResetPaths.Password, $"{method}: {passed.Location}");
            proofs.Dispose();
            person.Dispose();
        }
    }

    [Fact]
    public async Task Two_lead_to_the_password_in_either_order_and_none_does_twice()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.RequireGatesAsync(2);
        foreach (var first in All)
        {
            using var proofs = await HeldProofs.OfNewAsync(portal, Name(first), 10 + (int)first);
            foreach (var second in Neighbours(first))
            {
                // Of each hour's limits there is enough for each pair.
                portal.Clock.Skip(TimeSpan.FromHours(1));
                using var person = portal.NewPerson();
                await AtAsync(person, first);
                await SendAsync(person, first, await RightAsync(portal, proofs, person, first));
                var asked = await person.GetAsync(ResetPaths.Method);
                Assert.True(asked.Text.Contains("asks for one more", StringComparison.Ordinal), $"{first}, {second}: {asked.Text}");
                await person.ChooseAsync(second);
                var isAnother = second.Counted() != first.Counted();
                Assert.True(await AskedAsync(portal, person) == (isAnother ? second : null), $"{first}, {second}");
                if (isAnother)
                {
                    var passed = await SendAsync(person, second, await RightAsync(portal, proofs, person, second));
                    Assert.True(passed.Location == ResetPaths.Password, $"{first}, {second}: {passed.Location}");
                }
            }
        }
    }

    [Fact]
    [Trait("Case", "H25")]
    [Trait("Case", "H41")]
    public async Task It_is_not_passed_by_what_is_right_for_somebody_else_or_in_another_flow()
    {
        await using var portal = await ResetPortal.StartAsync();
        // Everybody of the tests answers questions alike.
        foreach (var method in All.Where(m => m != GateMethod.SecurityQuestions))
        {
            using var annas = await HeldProofs.OfNewAsync(portal, Name(method), 10 + (int)method);
            using var mallorys = await HeldProofs.OfNewAsync(portal, $"mallory{(int)method}", 40 + (int)method);
            using var anna = portal.NewPerson();
            using var mallory = portal.NewPerson();
            await AtAsync(mallory, method, $"mallory{(int)method}");
            var theirs = await RightAsync(portal, mallorys, mallory, method);
            await AtAsync(anna, method);

            Assert.True(await RefusesAsync(anna, method, theirs), $"{method} of another");
            if (IsSent(method))
            {
                var before = await RightAsync(portal, annas, anna, method);
                using var later = portal.NewPerson();
                await AtAsync(later, method);
                Assert.True(await RefusesAsync(later, method, before), $"{method} of another flow");
            }
        }
    }

    [Fact]
    [Trait("Case", "H38")]
    public async Task Of_two_codes_that_were_sent_the_newer_one_works()
    {
        await using var portal = await ResetPortal.StartAsync();
        foreach (var method in All.Where(IsSent))
        {
            using var proofs = await HeldProofs.OfNewAsync(portal, Name(method), 10 + (int)method);
            using var person = portal.NewPerson();
            await AtAsync(person, method);
            var older = await RightAsync(portal, proofs, person, method);
            portal.Clock.Advance(Limits.Standard.CodeWait);
            await person.GetAsync(ResetPaths.Verify);
            await person.PostAsync(ResetPaths.Verify, ResetForms.BeginGate(method));
            var newer = await RightAsync(portal, proofs, person, method);

            Assert.NotEqual(older, newer);
            Assert.True(await RefusesAsync(person, method, older), $"{method}, older");
            Assert.True((await SendAsync(person, method, newer)).Location == ResetPaths.Password, $"{method}, newer");
        }
    }

    [Fact]
    [Trait("Case", "H42")]
    public async Task What_is_typed_is_read_with_spaces_and_in_full_width_and_not_with_more_than_it_has()
    {
        await using var portal = await ResetPortal.StartAsync();
        foreach (var method in All.Where(m => IsSent(m) || m is GateMethod.AuthenticatorApp or GateMethod.RecoveryCode))
        {
            using var proofs = await HeldProofs.OfNewAsync(portal, Name(method), 10 + (int)method);
            using var person = portal.NewPerson();
            await AtAsync(person, method);
            var right = (await RightAsync(portal, proofs, person, method))[0].Item2;
            foreach (
                var more in new[]
                {
                    $"{right}\0",
                    $"{right}1",
                    string.Concat(right.Select(c => char.IsAsciiDigit(c) ? (char)(c - '0' + '٠') : 'é')),
                }
            )
            {
                Assert.True(await RefusesAsync(person, method, [("code", more)]), $"{method}: {more}");
            }

            var wide = string.Concat(right.Select(c => char.IsAsciiDigit(c) ? (char)(c - '0' + '０') : c));
            Assert.True(
                (await SendAsync(person, method, [("code", $" {wide}\u00a0")])).Location == ResetPaths.Password,
                $"{method}: {wide}"
            );
        }
    }

    [Fact]
    [Trait("Case", "H33")]
    public async Task It_is_passed_no_more_once_the_policy_takes_its_method_away_and_the_person_goes_on_by_another()
    {
        await using var portal = await ResetPortal.StartAsync();
        var begun = new List<(GateMethod Method, HeldProofs Proofs, Person Person)>();
        foreach (var method in All)
        {
            var (proofs, person) = (await HeldProofs.OfNewAsync(portal, Name(method), 10 + (int)method), portal.NewPerson());
            await AtAsync(person, method);
            begun.Add((method, proofs, person));
        }

        foreach (var (method, proofs, person) in begun)
        {
            var right = await RightAsync(portal, proofs, person, method);
            await portal.PublishAsync(terms => terms with { Methods = [.. All.Where(m => m != method)] });
            var sent = await person.PostAsync(ResetPaths.Verify, ResetForms.Answer(method), right);
            Assert.True(sent.Location != ResetPaths.Password, $"{method}");
            Assert.Empty((await FlowAsync(portal, person)).PassedGates);
            var page = await person.GetAsync(ResetPaths.Method);
            Assert.True(page.Status == System.Net.HttpStatusCode.OK, $"{method}: {page.Status} {page.Location}");
            await portal.PublishAsync(terms => terms with { Methods = [.. All] });
            proofs.Dispose();
            person.Dispose();
        }
    }

    private static readonly (string, string)[] Wrong = [("code", "00000000"), ("credential", "{}"), ("answer-0", "wrong")];

    /// <summary>Each goes before and after two others: text and call of one mobile are among them.</summary>
    private static IEnumerable<GateMethod> Neighbours(GateMethod method)
    {
        var place = Array.IndexOf(All, method);
        return [All[(place + 1) % All.Length], All[(place + All.Length - 1) % All.Length]];
    }

    private static bool IsSent(GateMethod method) =>
        method is GateMethod.AlternateEmail or GateMethod.MobilePhoneText or GateMethod.MobilePhoneCall or GateMethod.OfficePhoneCall;

    /// <summary>It is asked for still, or other questions are.</summary>
    private static async Task<bool> RefusesAsync(Person person, GateMethod method, (string, string)[] fields) =>
        await SendAsync(person, method, fields) is { Location: not ResetPaths.Password } answer && IsStillAsked(answer);

    private static string Name(GateMethod method) => $"user{(int)method}";

    private static async Task AtAsync(Person person, GateMethod method, string? name = null)
    {
        await person.BeginAsync($"{name ?? Name(method)}@corp.test");
        await person.ChooseAsync(method);
        await person.GetAsync(ResetPaths.Verify);
    }

    private static async Task<Answer> SendAsync(Person person, GateMethod method, (string, string)[] fields)
    {
        await person.GetAsync(ResetPaths.Verify);
        return await person.PostAsync(ResetPaths.Verify, ResetForms.Answer(method), fields);
    }

    private static bool IsStillAsked(Answer answer) => answer.Location is null && answer.Html.Contains("<form", StringComparison.Ordinal);

    private static async Task<(string, string)[]> RightAsync(ResetPortal portal, HeldProofs proofs, Person person, GateMethod method) =>
        (await proofs.RightAsync(person, method, (await FlowAsync(portal, person)).Id))!;

    private static async Task<GateMethod?> AskedAsync(ResetPortal portal, Person person)
    {
        var flow = await FlowAsync(portal, person);
        return flow.PassedGates.Exists(g => g.Method == flow.ChosenMethod) ? null : flow.ChosenMethod;
    }

    private static Task<Flow> FlowAsync(ResetPortal portal, Person person)
    {
        var hash = FlowCookie.Hash(person.Cookies[FlowCookie.Name]);
        return portal.WithDbAsync(db => db.Set<Flow>().AsNoTracking().Include(f => f.PassedGates).SingleAsync(f => f.KeyHash == hash));
    }
}
