using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Tests.Fixtures;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;

namespace PortalApp.Tests.Gates;

public class GateLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Case", "H11")]
    public async Task Of_a_hundred_parallel_guesses_five_are_compared()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var code = await portal.SendAsync(anna);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(n => Task.Run(() => portal.AnswerAsync(anna, GateSteps.Wrong(code, n)), Cancellation))
        );

        Assert.Equal([0, 1, 2, 3, 4], answers.Select(WhyOf).OfType<CodeRefusal.Wrong>().Select(f => f.TriesLeft).Order());
        Assert.Equal(95, answers.Select(WhyOf).OfType<CodeRefusal.TriesUsed>().Count());
    }

    [Fact, Trait("Case", "H11")]
    public async Task Of_a_hundred_parallel_right_codes_one_passes()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var code = await portal.SendAsync(anna);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => Task.Run(() => portal.AnswerAsync(anna, code), Cancellation))
        );

        Assert.Single(answers.OfType<GateAnswer.Passed>());
        Assert.Empty(answers.Select(WhyOf).OfType<CodeRefusal.Wrong>());
    }

    [Fact, Trait("Case", "H9"), Trait("Case", "H14")]
    public async Task Strangers_anywhere_guess_eighty_times_at_a_person_and_the_persons_own_browser_the_rest_of_a_hundred()
    {
        await using var portal = await GatePortal.StartAsync();

        Assert.Equal(80, await GuessAsync(portal, flow => GateSteps.Anna(portal, flow).From(flow)));
        for (var ten = 1; ten <= 2; ten++, portal.Clock.Skip(TimeSpan.FromMinutes(11)))
        {
            var first = 100 * ten;
            Assert.Equal(10, await GuessAsync(portal, flow => GateSteps.Anna(portal, first + flow).From(1, Familiarity.Browser)));
        }

        portal.Clock.Skip(TimeSpan.FromDays(30));
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await GuessAsync(portal, flow => GateSteps.Anna(portal, 300 + flow).From(flow, Familiarity.Network), flows: 2));
    }

    [Fact, Trait("Case", "H9")]
    public async Task One_network_guesses_ten_times_in_ten_minutes_and_twenty_times_a_day_at_a_persons_mail()
    {
        await using var portal = await GatePortal.StartAsync();
        foreach (var most in new[] { 10, 10, 0 })
        {
            Assert.Equal(most, await GuessAsync(portal, flow => GateSteps.Anna(portal, flow).From(1)));
            portal.Clock.Skip(TimeSpan.FromMinutes(11));
        }

        Assert.Equal(5, await GuessAsync(portal, _ => GateSteps.Anna(portal, 99).From(2), flows: 1));
    }

    [Fact, Trait("Case", "H9")]
    public async Task A_success_or_a_lift_begins_the_count_anew()
    {
        await using var portal = await GatePortal.StartAsync();
        await GuessAsync(portal, flow => GateSteps.Anna(portal, flow).From(flow));
        await portal.WithDbAsync(async db =>
        {
            await portal.Services.GetRequiredService<FailureStore>().ForgetAsync(db, GateSteps.Tenant, "anna-anchor", Cancellation);
            return true;
        });

        Assert.Equal(80, await GuessAsync(portal, flow => GateSteps.Anna(portal, 300 + flow).From(flow)));
    }

    [Fact, Trait("Case", "H14"), Trait("Case", "H15")]
    public async Task One_network_that_hammers_a_person_locks_itself_out_and_nobody_else()
    {
        await using var portal = await GatePortal.StartAsync();
        var refused = await HammerAsync(portal, flow => GateSteps.Anna(portal, flow).From(1));

        Assert.IsType<CodeRefusal.TooManyCodes>(refused);
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(GateSteps.Anna(portal, 99).From(2)));

        portal.Clock.Skip(TimeSpan.FromHours(1.1));
        await HammerAsync(portal, flow => GateSteps.Anna(portal, 100 + flow).From(1));
        portal.Clock.Skip(TimeSpan.FromHours(1.1));
        Assert.IsType<CodeRefusal.TooManyCodes>(await HammerAsync(portal, flow => GateSteps.Anna(portal, 200 + flow).From(1)));
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(GateSteps.Anna(portal, 199).From(3)));
    }

    [Fact, Trait("Case", "H14"), Trait("Case", "H1")]
    public async Task Fifty_networks_that_hammer_a_person_leave_the_persons_browser_and_network_their_codes()
    {
        await using var portal = await GatePortal.StartAsync();
        foreach (var subject in new[] { GateSteps.Anna(portal), GateSteps.Decoy(portal) })
        {
            for (var network = 1; network <= 50; network++)
            {
                await portal.BeginAsync((subject with { Flow = network }).From(network));
            }

            Assert.IsType<CodeRefusal.AccountLimited>(WhyOf(await portal.BeginAsync((subject with { Flow = 98 }).From(99))));
        }

        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(GateSteps.Anna(portal, 101).From(99, Familiarity.Browser)));
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(GateSteps.Anna(portal, 102).From(60, Familiarity.Network)));
        Assert.Equal(42, (await portal.MailsAsync()).Count(m => m.Row.Deliver));
    }

    [Fact, Trait("Case", "H15")]
    public async Task A_flow_gets_three_codes_with_a_minute_between_them()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        await portal.SendAsync(anna);

        var soon = Assert.IsType<CodeRefusal.TooSoon>(WhyOf(await portal.BeginAsync(anna)));
        Assert.Equal(portal.Clock.GetUtcNow() + TimeSpan.FromMinutes(1), soon.Until);
        portal.Clock.SetUtcNow(soon.Until - TimeSpan.FromMilliseconds(1));
        Assert.IsType<CodeRefusal.TooSoon>(WhyOf(await portal.BeginAsync(anna)));
        portal.Clock.SetUtcNow(soon.Until);
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(anna));
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(anna));
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<CodeRefusal.NoMoreHere>(WhyOf(await portal.BeginAsync(anna)));
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(GateSteps.Anna(portal, 2)));
    }

    [Fact]
    public async Task What_can_be_taken_is_not_said_to_be_used_up_while_the_clock_runs()
    {
        await using var portal = await GatePortal.StartAsync();
        portal.Clock.AutoAdvanceAmount = TimeSpan.FromTicks(1);
        var anna = GateSteps.Anna(portal);
        await portal.SendAsync(anna);
        portal.Clock.Advance(Limits.Standard.CodeWait);

        Assert.Null((await portal.Gate.StandingAsync(anna, Cancellation)).Hindrance);
    }

    [Fact, Trait("Case", "H15"), Trait("Case", "H12")]
    public async Task What_a_person_or_a_place_may_have_counts_over_all_flows_and_is_audited_once()
    {
        await using var portal = await GatePortal.StartAsync();
        var limit = (CodeRefusal.TooManyCodes)(await HammerAsync(portal, flow => GateSteps.Anna(portal, flow)))!;
        await portal.BeginAsync(GateSteps.Anna(portal, 99));

        Assert.Equal(Limits.Standard.CodesFromPlace.Most, (await portal.MailsAsync()).Count);
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<AuditEntry>().CountAsync(a => a.Event == AuditEventId.GateLocked)));

        portal.Clock.SetUtcNow(limit.Until - TimeSpan.FromSeconds(1));
        Assert.IsType<GateBeginning.Refused>(await portal.BeginAsync(GateSteps.Anna(portal, 99)));
        portal.Clock.SetUtcNow(limit.Until);
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(GateSteps.Anna(portal, 99)));
    }

    [Fact, Trait("Case", "H15"), Trait("Case", "H1")]
    public async Task Whoever_asks_beyond_a_mailboxs_codes_is_told_nothing_and_the_mail_is_dropped()
    {
        await using var portal = await GatePortal.StartAsync();
        var most = Limits.Standard.CodesToAddress.OfStrangers.Most;
        for (var person = 1; person <= most; person++)
        {
            await portal.SendAsync(GateSteps.Anna(portal, person).As($"person-{person}"));
        }

        var shouted = GateSteps.Anna(portal, 98, "ANNA@GMAIL.example").As("person-98");
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(shouted));
        Assert.NotNull(await portal.StateAsync(shouted));
        var elsewhere = GateSteps.Anna(portal, 99, "other@gmail.example").As("person-99");
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(elsewhere));

        var mails = await portal.MailsAsync();
        Assert.Equal([.. Enumerable.Repeat(true, most), false, true], mails.Select(m => m.Row.Deliver));
    }

    [Fact]
    public async Task A_refused_code_leaves_the_older_one_working_and_counts_nothing()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal, 99);
        var code = await portal.SendAsync(anna);
        for (var again = 0; again < 2 * Limits.Standard.CodesFromPlace.Most; again++)
        {
            Assert.IsType<GateBeginning.Refused>(await portal.BeginAsync(anna));
        }

        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, code));
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(GateSteps.Anna(portal, 100)));
    }

    [Fact, Trait("Case", "H15")]
    public async Task Parallel_resends_cannot_pass_the_limit()
    {
        await using var portal = await GatePortal.StartAsync();
        var sent = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(n => Task.Run(() => portal.BeginAsync(GateSteps.Anna(portal, n % 25)), Cancellation))
        );

        Assert.Equal(Limits.Standard.CodesFromPlace.Most, sent.OfType<GateBeginning.Begun>().Count());
        Assert.Equal(
            Limits.Standard.CodesFromPlace.Most,
            await portal.WithDbAsync(db => db.Set<OneTimeCode>().CountAsync(c => c.ReplacedAt == null))
        );
    }

    [Fact]
    public async Task The_sentence_of_a_limit_says_when_it_works_again_or_who_helps()
    {
        await using var portal = await GatePortal.StartAsync();
        var sentences = portal.Services.GetRequiredService<CodeSentences>();
        var now = portal.Clock.GetUtcNow();

        Assert.Contains("in 12 minutes", Advice(new CodeRefusal.TooManyCodes(now.AddSeconds(671))), StringComparison.Ordinal);
        Assert.Contains("in a minute", Advice(new CodeRefusal.TooManyCodes(now.AddSeconds(3))), StringComparison.Ordinal);
        Assert.Contains("+31 20 5550100", Advice(new CodeRefusal.AccountLimited()), StringComparison.Ordinal);

        string Advice(CodeRefusal why) => sentences.Of(why, "+31 20 5550100").Advice;
    }

    [Fact, Trait("Case", "H10")]
    public async Task Wrong_answers_about_many_people_raise_one_alarm_and_lock_nobody_out()
    {
        await using var portal = await GatePortal.StartAsync();
        var budgets = portal.Services.GetRequiredService<FailureBudgets>();
        for (var person = 0; person < Limits.Standard.FailuresOfTenant.Most / 5; person++)
        {
            Assert.False(await budgets.AreUsedUpAsync(GateSteps.Tenant, Cancellation));
            await GuessAsync(portal, _ => GateSteps.Anna(portal, person, $"p{person}@gmail.example").As($"person-{person}"), flows: 1);
        }

        Assert.True(await budgets.AreUsedUpAsync(GateSteps.Tenant, Cancellation));
        Assert.False(await budgets.AreUsedUpAsync(new(2), Cancellation));
        Assert.Equal(5, await GuessAsync(portal, _ => GateSteps.Anna(portal, 999, "q@gmail.example").As("person-q"), flows: 1));
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<AuditEntry>().CountAsync(a => a.Event == AuditEventId.FailureAlarm)));

        portal.Clock.Skip(TimeSpan.FromHours(1.1));
        Assert.False(await budgets.AreUsedUpAsync(GateSteps.Tenant, Cancellation));
    }

    /// <summary>In so many flows a code is asked for, where one is sent, and five guesses are made.</summary>
    /// <returns>How many were compared.</returns>
    private static async Task<int> GuessAsync(GatePortal portal, Func<int, GateSubject> inFlow, int flows = 30)
    {
        var compared = 0;
        for (var flow = 1; flow <= flows; flow++)
        {
            var subject = inFlow(flow);
            await portal.BeginAsync(subject);
            for (var guess = 0; guess < Limits.Standard.TriesPerCode; guess++)
            {
                compared += WhyOf(await portal.AnswerAsync(subject, $"0000000{guess}")) is CodeRefusal.Wrong ? 1 : 0;
            }
        }

        return compared;
    }

    /// <summary>Asks for codes, one a flow, as often as they are given and twice more.</summary>
    /// <returns>Why the last one was not.</returns>
    private static async Task<CodeRefusal?> HammerAsync(GatePortal portal, Func<int, GateSubject> inFlow)
    {
        GateBeginning last = new GateBeginning.Begun();
        for (var (flow, refused) = (1, 0); refused < 2 && flow < 50; flow++)
        {
            last = await portal.BeginAsync(inFlow(flow));
            refused += last is GateBeginning.Refused ? 1 : 0;
        }

        return WhyOf(last);
    }

    private static CodeRefusal? WhyOf(GateBeginning beginning) => (beginning as GateBeginning.Refused)?.Why as CodeRefusal;

    private static GateRefusal? WhyOf(GateAnswer answer) => (answer as GateAnswer.Refused)?.Why;
}
