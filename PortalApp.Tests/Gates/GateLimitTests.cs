using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Gates;
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
            Enumerable.Range(0, 100).Select(_ => Task.Run(() => portal.AnswerAsync(anna, GateSteps.Wrong(code)), Cancellation))
        );

        Assert.Equal([0, 1, 2, 3, 4], answers.OfType<GateAnswer.Failed>().Select(f => f.TriesLeft).Order());
        Assert.Equal(95, answers.Count(a => a is GateAnswer.Blocked { Why: GateBlock.TriesUsed }));
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
        Assert.Empty(answers.OfType<GateAnswer.Failed>());
    }

    [Fact, Trait("Case", "H15"), Trait("Case", "H12")]
    public async Task Twenty_codes_an_hour_for_a_subject_over_all_its_flows()
    {
        await using var portal = await GatePortal.StartAsync();
        for (var flow = 1; flow <= Limits.Standard.CodesToSubject.Most; flow++)
        {
            await portal.SendAsync(GateSteps.Anna(portal, flow, $"a{flow}@gmail.example"));
        }

        var beyond = await portal.Gate.ChallengeAsync(GateSteps.Anna(portal, 99, "b@gmail.example"), Cancellation);
        var limit = Assert.IsType<GateBlock.TooManyCodes>(Assert.IsType<GateChallenge.Blocked>(beyond).Why);
        Assert.Equal(Limits.Standard.CodesToSubject.Most, (await portal.MailsAsync()).Count);

        await portal.Gate.ChallengeAsync(GateSteps.Anna(portal, 99, "b@gmail.example"), Cancellation);
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<AuditEntry>().CountAsync(a => a.Event == AuditEventId.GateLocked)));

        portal.Clock.SetUtcNow(limit.Until - TimeSpan.FromSeconds(1));
        Assert.IsType<GateChallenge.Blocked>(await portal.Gate.ChallengeAsync(GateSteps.Anna(portal, 99), Cancellation));
        portal.Clock.SetUtcNow(limit.Until);
        Assert.IsType<GateChallenge.Sent>(await portal.Gate.ChallengeAsync(GateSteps.Anna(portal, 99), Cancellation));
    }

    [Fact, Trait("Case", "H15")]
    public async Task Twenty_codes_an_hour_for_an_address_whoever_it_belongs_to()
    {
        await using var portal = await GatePortal.StartAsync();
        for (var person = 1; person <= Limits.Standard.CodesToSubject.Most; person++)
        {
            await portal.SendAsync(GateSteps.Anna(portal, person) with { Subject = $"person-{person}" });
        }

        var shouted = GateSteps.Anna(portal, 98, "ANNA@GMAIL.example") with { Subject = "person-98" };
        Assert.IsType<GateChallenge.Blocked>(await portal.Gate.ChallengeAsync(shouted, Cancellation));
        var elsewhere = GateSteps.Anna(portal, 98, "other@gmail.example") with { Subject = "person-98" };
        Assert.IsType<GateChallenge.Sent>(await portal.Gate.ChallengeAsync(elsewhere, Cancellation));
    }

    [Fact]
    public async Task A_refused_code_leaves_the_older_one_working_and_counts_nothing()
    {
        await using var portal = await GatePortal.StartAsync();
        for (var person = 1; person < Limits.Standard.CodesToSubject.Most; person++)
        {
            await portal.SendAsync(GateSteps.Anna(portal, person) with { Subject = $"person-{person}" });
        }

        var anna = GateSteps.Anna(portal, 99);
        var code = await portal.SendAsync(anna);
        for (var again = 0; again < 2 * Limits.Standard.CodesToSubject.Most; again++)
        {
            Assert.IsType<GateChallenge.Blocked>(await portal.Gate.ChallengeAsync(anna, Cancellation));
        }

        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, code));
        var elsewhere = GateSteps.Anna(portal, 99, "new@gmail.example");
        Assert.IsType<GateChallenge.Sent>(await portal.Gate.ChallengeAsync(elsewhere, Cancellation));
    }

    [Fact, Trait("Case", "H15")]
    public async Task Parallel_resends_cannot_pass_the_limit()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var sent = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => portal.Gate.ChallengeAsync(anna, Cancellation), Cancellation))
        );

        Assert.Equal(Limits.Standard.CodesToSubject.Most, sent.OfType<GateChallenge.Sent>().Count());
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<Challenge>().CountAsync(c => c.ReplacedAt == null)));
    }

    [Fact]
    public async Task The_sentence_of_a_limit_says_when_it_works_again()
    {
        await using var portal = await GatePortal.StartAsync();
        var sentences = portal.Services.GetRequiredService<GateSentences>();
        var now = portal.Clock.GetUtcNow();

        Assert.Contains("in 12 minutes", sentences.Blocked(new GateBlock.TooManyCodes(now.AddSeconds(671))), StringComparison.Ordinal);
        Assert.Contains("in a minute", sentences.Blocked(new GateBlock.TooManyCodes(now.AddSeconds(3))), StringComparison.Ordinal);
    }
}
