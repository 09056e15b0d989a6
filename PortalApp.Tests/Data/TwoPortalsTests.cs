using System.Net;
using System.Text.Json;
using Portal.Agents;
using PortalApp.Captcha;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Gates;
using PortalApp.Tests.PasswordReset;
using PortalApp.Throttle;

namespace PortalApp.Tests.Data;

/// <summary>What a stranger or a race could do against one portal, done against two on one database at once.</summary>
public class TwoPortalsTests
{
    private const string Anna = "anna@corp.test";
    private const string Mail = "anna@gmail.example";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact, Trait("Case", "H11")]
    public async Task Of_a_hundred_wrong_codes_five_are_compared()
    {
        await using var one = await GatePortal.StartAsync();
        await using var two = await one.BesideAsync();
        var anna = GateSteps.Anna(one);
        var code = await one.SendAsync(anna);
        var guess = 0;

        var answers = await CallAsync(
            one,
            two,
            portal => portal.AnswerAsync(anna, GateSteps.Wrong(code, Interlocked.Increment(ref guess)))
        );

        Assert.Equal(5, answers.Count(a => a is GateAnswer.Refused { Why: CodeRefusal.Wrong }));
        Assert.Equal(95, answers.Count(a => a is GateAnswer.Refused { Why: CodeRefusal.TriesUsed }));
    }

    [Fact, Trait("Case", "H37")]
    public async Task Of_a_hundred_uses_of_the_right_code_one_passes()
    {
        await using var one = await GatePortal.StartAsync();
        await using var two = await one.BesideAsync();
        var anna = GateSteps.Anna(one);
        var code = await one.SendAsync(anna);

        var answers = await CallAsync(one, two, portal => portal.AnswerAsync(anna, code));

        Assert.Single(answers, a => a is GateAnswer.Passed);
    }

    [Fact, Trait("Case", "H12")]
    public async Task The_Nth_is_taken_and_the_next_refused_whichever_is_asked()
    {
        await using var one = await GatePortal.StartAsync();
        await using var two = await one.BesideAsync();
        var limit = new Limit("two portals", 7, TimeSpan.FromHours(1));

        // Of the first round only the opening of connections is parallel.
        for (var round = 0; round < 8; round++)
        {
            var whom = $"somebody {round}";
            var taken = await CallAsync(one, two, portal => portal.Throttle.TakeAsync(limit, whom, Ct));

            Assert.Equal(7, taken.Count(t => t));
            Assert.False(await one.Throttle.TakeAsync(limit, whom, Ct));
            Assert.False(await two.Throttle.TakeAsync(limit, whom, Ct));
        }
    }

    [Fact, Trait("Case", "H17")]
    public async Task Of_a_hundred_uses_of_one_captcha_one_passes()
    {
        await using var one = await GatePortal.StartAsync();
        await using var two = await one.BesideAsync();
        var solved = await CaptchaSolver.SolveAsync(one.Http, Ct);

        var verdicts = await CallAsync(one, two, portal => portal.Captcha.VerifyAsync(solved, Ct));

        Assert.Single(verdicts, v => v is CaptchaVerdict.Passed);
    }

    [Fact, Trait("Case", "H23")]
    public async Task Fifty_finals_write_once()
    {
        await using var one = await ResetPortal.StartAsync();
        await one.AddUserAsync("anna", Mail);
        using var here = one.NewPerson();
        await one.ReachPasswordAsync(here, Anna, Mail);
        var two = await one.BesideAsync();
        using var there = two.NewPerson();
        there.TakeCookiesOf(here);
        await there.GetAsync(ResetPaths.Password);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => Task.Run(() => (i % 2 == 0 ? here : there).SecondTab().FinishAsync(), Ct))
        );

        Assert.All(answers, a => Assert.Equal(ResetPaths.Result, a.Location));
        Assert.Equal(1, await one.WritesAsync());
        await two.StopAsync();
    }

    [Fact, Trait("Case", "H76")]
    public async Task Of_fifty_claims_of_one_request_one_is_granted()
    {
        await using var one = await PortalHost.StartAsync();
        await using var two = await PortalHost.StartAsync(beside: one);
        var tenant = await one.AddTenantAsync("corp.test");
        var agent = await one.EnrolAsync(tenant);
        var request = await one.SentAsync(tenant);

        var answers = await CallAsync(agent, two, caller => caller.ClaimAsync(request, TestAgent.NewId()));

        Assert.Single(answers, a => a.Granted);
    }

    [Fact]
    public async Task Of_fifty_calls_with_one_token_one_is_answered()
    {
        await using var one = await PortalHost.StartAsync();
        await using var two = await PortalHost.StartAsync(beside: one);
        var agent = await one.EnrolAsync(await one.AddTenantAsync("corp.test"));
        var body = JsonSerializer.SerializeToUtf8Bytes(new HelloRequest("1.1", null), TestAgent.Json);
        var token = agent.TokenFor(AgentApi.Hello, body);

        var statuses = await CallAsync(
            agent,
            two,
            async caller =>
            {
                using var answer = await caller.SendAsync(AgentApi.Hello, body, token);
                return answer.StatusCode;
            }
        );

        Assert.Single(statuses, s => s == HttpStatusCode.OK);
        Assert.Equal(49, statuses.Count(s => s == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Of_twenty_agents_with_one_code_one_enters()
    {
        await using var one = await PortalHost.StartAsync();
        await using var two = await PortalHost.StartAsync(beside: one);
        var tenant = await one.AddTenantAsync("corp.test");
        var code = await one.NewCodeAsync(tenant);

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).NewAgent().EnrolAsync(code), Ct))
        );

        Assert.Single(statuses, s => s == HttpStatusCode.OK);
        Assert.Single(await two.AgentsOfAsync(tenant));
    }

    private static Task<T[]> CallAsync<T>(TestAgent agent, PortalHost there, Func<TestAgent, Task<T>> call)
    {
        var twin = agent.At(there.Http);
        return Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => call(i % 2 == 0 ? agent : twin), Ct)));
    }

    private static Task<T[]> CallAsync<T>(GatePortal one, GatePortal two, Func<GatePortal, Task<T>> call) =>
        Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => call(i % 2 == 0 ? one : two), Ct)));
}
