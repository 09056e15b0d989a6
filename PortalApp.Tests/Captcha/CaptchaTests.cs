using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PortalApp.Captcha;
using PortalApp.Data;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Gates;
using PortalApp.Throttle;

namespace PortalApp.Tests.Captcha;

public class CaptchaTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_solved_challenge_passes()
    {
        await using var portal = await GatePortal.StartAsync();
        var payload = await CaptchaSolver.SolveAsync(portal.Http, Cancellation);

        Assert.Equal(new CaptchaVerdict.Passed(CaptchaBinding.First), await portal.Captcha.VerifyAsync(payload, Cancellation));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Nothing_posted_is_said_as_missing(string? payload)
    {
        await using var portal = await GatePortal.StartAsync();
        Assert.Equal(new CaptchaVerdict.Missing(), await portal.Captcha.VerifyAsync(payload, Cancellation));
    }

    [Fact, Trait("Case", "H17")]
    public async Task A_used_challenge_is_refused_also_after_a_restart()
    {
        var portal = await GatePortal.StartAsync();
        var payload = await CaptchaSolver.SolveAsync(portal.Http, Cancellation);
        Assert.Equal(new CaptchaVerdict.Passed(CaptchaBinding.First), await portal.Captcha.VerifyAsync(payload, Cancellation));
        Assert.Equal(Refused(CaptchaRefusal.Spent), await portal.Captcha.VerifyAsync(payload, Cancellation));
        await using var again = await portal.RestartAsync();

        Assert.Equal(Refused(CaptchaRefusal.Spent), await again.Captcha.VerifyAsync(payload, Cancellation));
    }

    [Fact, Trait("Case", "H17")]
    public async Task Of_fifty_parallel_uses_one_passes()
    {
        await using var portal = await GatePortal.StartAsync();
        var payload = await CaptchaSolver.SolveAsync(portal.Http, Cancellation);
        var verdicts = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => portal.Captcha.VerifyAsync(payload, Cancellation), Cancellation))
        );

        Assert.Single(verdicts.OfType<CaptchaVerdict.Passed>());
        Assert.Equal(49, verdicts.Count(v => v is CaptchaVerdict.Refused { Why: CaptchaRefusal.Spent }));
    }

    [Fact, Trait("Case", "H17")]
    public async Task An_expired_challenge_is_refused_and_stays_refused_once_it_is_forgotten()
    {
        await using var portal = await GatePortal.StartAsync();
        var used = await CaptchaSolver.SolveAsync(portal.Http, Cancellation);
        var late = await CaptchaSolver.SolveAsync(portal.Http, Cancellation);
        Assert.Equal(new CaptchaVerdict.Passed(CaptchaBinding.First), await portal.Captcha.VerifyAsync(used, Cancellation));
        portal.Clock.Advance(Limits.Standard.CaptchaLifetime + TimeSpan.FromSeconds(1));
        Assert.Equal(Refused(CaptchaRefusal.Expired), await portal.Captcha.VerifyAsync(late, Cancellation));

        portal.Clock.Skip(TimeSpan.FromDays(1));
        await portal.Services.GetServices<IHostedService>().OfType<RetentionSweep>().Single().SweepAsync(Cancellation);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<SpentChallenge>().CountAsync()));
        Assert.Equal(Refused(CaptchaRefusal.Expired), await portal.Captcha.VerifyAsync(used, Cancellation));
    }

    [Fact, Trait("Case", "H17")]
    public async Task Parts_of_two_challenges_do_not_make_one()
    {
        await using var portal = await GatePortal.StartAsync();
        var one = await FetchAsync(portal);
        var other = await FetchAsync(portal);
        one["signature"] = (string)other["signature"]!;

        Assert.Equal(Refused(CaptchaRefusal.Forged), await portal.Captcha.VerifyAsync(CaptchaSolver.Solve(one), Cancellation));
    }

    [Theory, Trait("Case", "H17")]
    [InlineData("cost", "1")]
    [InlineData("expiresAt", "4102444800")]
    [InlineData("keyPrefix", "\"0\"")]
    [InlineData("algorithm", "\"SHA-256\"")]
    public async Task Changed_terms_are_refused(string member, string json)
    {
        await using var portal = await GatePortal.StartAsync();
        var challenge = await FetchAsync(portal);
        challenge["parameters"]![member] = JsonNode.Parse(json);
        var payload = CaptchaSolver.Payload(challenge, 1, "00");

        Assert.Equal(Refused(CaptchaRefusal.Forged), await portal.Captcha.VerifyAsync(payload, Cancellation));
    }

    [Fact]
    public async Task Work_that_was_not_done_is_refused_and_spends_the_challenge()
    {
        await using var portal = await GatePortal.StartAsync();
        var challenge = await FetchAsync(portal);
        var madeUp = CaptchaSolver.Payload(challenge, 1, "00" + new string('a', 62));

        Assert.Equal(Refused(CaptchaRefusal.Unsolved), await portal.Captcha.VerifyAsync(madeUp, Cancellation));
        Assert.Equal(Refused(CaptchaRefusal.Spent), await portal.Captcha.VerifyAsync(CaptchaSolver.Solve(challenge), Cancellation));
    }

    [Theory, Trait("Case", "H19"), Trait("Case", "H28")]
    [InlineData("not base64")]
    [InlineData("{}")]
    [InlineData("{\"challenge\":null,\"solution\":null}")]
    [InlineData("[1]")]
    [InlineData("{\"challenge\":{\"challenge\":{\"challenge\":{\"challenge\":{\"challenge\":{}}}}}}")]
    public async Task Junk_is_refused_and_leaves_no_row(string text)
    {
        await using var portal = await GatePortal.StartAsync();
        var junk = new[] { text, Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), new string('A', 1_000_000) };
        foreach (var payload in junk)
        {
            Assert.Equal(Refused(CaptchaRefusal.Malformed), await portal.Captcha.VerifyAsync(payload, Cancellation));
        }

        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<SpentChallenge>().CountAsync()));
    }

    [Fact, Trait("Case", "H13")]
    public async Task A_network_gets_its_challenges_of_a_minute_and_then_a_time_to_wait_and_none_is_written_down()
    {
        await using var portal = await GatePortal.StartAsync();
        for (var n = 0; n < Limits.Standard.CaptchasOfNetwork.Most; n++)
        {
            using var taken = await GetFromAsync(portal, $"2001:db8:0:1::{n:x}");
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        }

        using var beyond = await GetFromAsync(portal, "2001:db8:0:1:ffff::1");
        Assert.Equal(HttpStatusCode.TooManyRequests, beyond.StatusCode);
        Assert.Equal("application/problem+json", beyond.Content.Headers.ContentType!.MediaType);
        var wait = beyond.Headers.RetryAfter!.Delta!.Value;
        Assert.InRange(wait, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(65));
        using var elsewhere = await GetFromAsync(portal, "2001:db8:0:2::1");
        Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode);

        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<ThrottleCount>().CountAsync(Cancellation)));
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<SpentChallenge>().CountAsync(Cancellation)));
        portal.Clock.Advance(wait);
        using var later = await GetFromAsync(portal, "2001:db8:0:1::1");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task A_challenge_is_not_cached_and_says_what_it_is_for()
    {
        await using var portal = await GatePortal.StartAsync();
        using var answer = await portal.Http.GetAsync("/captcha/challenge", Cancellation);
        var challenge = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation);

        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("reset", (string)challenge!["parameters"]!["data"]!["purpose"]!);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
    }

    private static CaptchaVerdict.Refused Refused(CaptchaRefusal why) => new CaptchaVerdict.Refused(why);

    private static async Task<JsonObject> FetchAsync(GatePortal portal) =>
        (await portal.Http.GetFromJsonAsync<JsonObject>("/captcha/challenge", Cancellation))!;

    private static async Task<HttpResponseMessage> GetFromAsync(GatePortal portal, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/captcha/challenge");
        request.Headers.Add(GatePortal.AddressHeader, address);
        return await portal.Http.SendAsync(request, Cancellation);
    }
}
