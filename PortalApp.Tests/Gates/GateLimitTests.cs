using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Throttle;

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

    [Fact, Trait("Case", "H9")]
    public async Task Of_any_number_of_guesses_at_a_person_over_all_flows_a_hundred_are_compared_within_the_hour()
    {
        await using var portal = await GatePortal.StartAsync();
        var compared = 0;
        for (var flow = 1; flow <= Limits.Standard.CodesToSubject.Most + 1; flow++)
        {
            var anna = GateSteps.Anna(portal, flow);
            await portal.BeginAsync(anna);
            for (var guess = 0; guess <= Limits.Standard.TriesPerCode; guess++)
            {
                compared += WhyOf(await portal.AnswerAsync(anna, $"0000000{guess}")) is CodeRefusal.Wrong ? 1 : 0;
            }
        }

        Assert.Equal(100, compared);
    }

    [Fact, Trait("Case", "H15"), Trait("Case", "H12")]
    public async Task Twenty_codes_an_hour_for_a_subject_over_all_its_flows()
    {
        await using var portal = await GatePortal.StartAsync();
        for (var flow = 1; flow <= Limits.Standard.CodesToSubject.Most; flow++)
        {
            await portal.SendAsync(GateSteps.Anna(portal, flow, $"a{flow}@gmail.example"));
        }

        var beyond = await portal.BeginAsync(GateSteps.Anna(portal, 99, "b@gmail.example"));
        var limit = Assert.IsType<CodeRefusal.TooManyCodes>(Assert.IsType<GateBeginning.Refused>(beyond).Why);
        Assert.Equal(Limits.Standard.CodesToSubject.Most, (await portal.MailsAsync()).Count);

        await portal.BeginAsync(GateSteps.Anna(portal, 99, "b@gmail.example"));
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<AuditEntry>().CountAsync(a => a.Event == AuditEventId.GateLocked)));

        portal.Clock.SetUtcNow(limit.Until - TimeSpan.FromSeconds(1));
        Assert.IsType<GateBeginning.Refused>(await portal.BeginAsync(GateSteps.Anna(portal, 99)));
        portal.Clock.SetUtcNow(limit.Until);
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(GateSteps.Anna(portal, 99)));
    }

    [Fact, Trait("Case", "H15")]
    public async Task Twenty_codes_an_hour_for_an_address_whoever_it_belongs_to()
    {
        await using var portal = await GatePortal.StartAsync();
        for (var person = 1; person <= Limits.Standard.CodesToSubject.Most; person++)
        {
            await portal.SendAsync(GateSteps.Anna(portal, person).As($"person-{person}"));
        }

        var shouted = GateSteps.Anna(portal, 98, "ANNA@GMAIL.example").As("person-98");
        Assert.IsType<GateBeginning.Refused>(await portal.BeginAsync(shouted));
        var elsewhere = GateSteps.Anna(portal, 98, "other@gmail.example").As("person-98");
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(elsewhere));
    }

    [Fact]
    public async Task A_refused_code_leaves_the_older_one_working_and_counts_nothing()
    {
        await using var portal = await GatePortal.StartAsync();
        for (var person = 1; person < Limits.Standard.CodesToSubject.Most; person++)
        {
            await portal.SendAsync(GateSteps.Anna(portal, person).As($"person-{person}"));
        }

        var anna = GateSteps.Anna(portal, 99);
        var code = await portal.SendAsync(anna);
        for (var again = 0; again < 2 * Limits.Standard.CodesToSubject.Most; again++)
        {
            Assert.IsType<GateBeginning.Refused>(await portal.BeginAsync(anna));
        }

        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, code));
        var elsewhere = GateSteps.Anna(portal, 99, "new@gmail.example");
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(elsewhere));
    }

    [Fact, Trait("Case", "H15")]
    public async Task Parallel_resends_cannot_pass_the_limit()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var sent = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => portal.BeginAsync(anna), Cancellation)));

        Assert.Equal(Limits.Standard.CodesToSubject.Most, sent.OfType<GateBeginning.Begun>().Count());
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<OneTimeCode>().CountAsync(c => c.ReplacedAt == null)));
    }

    [Fact]
    public async Task The_sentence_of_a_limit_says_when_it_works_again()
    {
        await using var portal = await GatePortal.StartAsync();
        var sentences = portal.Services.GetRequiredService<CodeSentences>();
        var now = portal.Clock.GetUtcNow();

        Assert.Contains("in 12 minutes", sentences.Of(new CodeRefusal.TooManyCodes(now.AddSeconds(671))).Advice, StringComparison.Ordinal);
        Assert.Contains("in a minute", sentences.Of(new CodeRefusal.TooManyCodes(now.AddSeconds(3))).Advice, StringComparison.Ordinal);
    }

    private static GateRefusal? WhyOf(GateAnswer answer) => (answer as GateAnswer.Refused)?.Why;
}
