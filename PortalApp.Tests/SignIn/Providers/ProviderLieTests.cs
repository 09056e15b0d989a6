using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using PortalApp.Audit;
using PortalApp.SignIn;
using PortalApp.SignIn.Providers;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Providers;
using PortalApp.Throttle;

namespace PortalApp.Tests.SignIn.Providers;

/// <summary>What a provider, or somebody in its place, could say that is not so.</summary>
public sealed class ProviderLieTests
{
    private static readonly Dictionary<string, Action<LyingProvider>> Lies = new()
    {
        ["another issuer in the token"] = p => p.Claims["iss"] = "https://elsewhere.example",
        ["the issuer with a slash"] = p => p.Claims["iss"] = $"{p.Issuer}/",
        ["no issuer"] = p => p.Claims["iss"] = null,
        ["another audience"] = p => p.Claims["aud"] = "another client",
        ["two audiences"] = p => p.Claims["aud"] = new[] { "portal", "another client" },
        ["no audience"] = p => p.Claims["aud"] = null,
        ["another party"] = p => p.Claims["azp"] = "another client",
        ["another nonce"] = p => p.Nonce = "another",
        ["a list of nonces"] = p => p.Claims["nonce"] = new[] { p.Nonce },
        ["no nonce"] = p => p.Claims["nonce"] = null,
        ["expired two minutes ago"] = p => p.Claims["exp"] = p.Now - 120,
        ["no expiry"] = p => p.Claims["exp"] = null,
        ["valid in an hour"] = p => p.Claims["nbf"] = p.Now + 3600,
        ["made an hour ago"] = p => p.Claims["iat"] = p.Now - 3600,
        ["made in an hour"] = p => p.Claims["iat"] = p.Now + 3600,
        ["no time of making"] = p => p.Claims["iat"] = null,
        ["times that are none"] = p => p.Claims["iat"] = "yesterday",
        ["a list of times"] = p => p.Claims["iat"] = new[] { p.Now },
        ["an expiry beyond all years"] = p => p.Claims["exp"] = 1e300,
        ["an object for an audience"] = p => p.Claims["aud"] = new { portal = true },
        ["no subject"] = p => p.Claims["sub"] = null,
        ["a list of subjects"] = p => p.Claims["sub"] = new[] { "subject-1" },
        ["a long subject"] = p => p.Claims["sub"] = new string('s', 256),
        ["alg none"] = p => p.Signs = false,
        ["the public key as secret"] = p => p.SignsBy = p.PublicKeyAsSecret(),
        ["another key under the same id"] = p =>
            p.SignsBy = new(
                new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = p.KeyId },
                SecurityAlgorithms.EcdsaSha256
            ),
        ["a key of no id that it knows"] = p =>
            p.SignsBy = new(
                new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "new" },
                SecurityAlgorithms.EcdsaSha256
            ),
        ["no token"] = p => p.Instead = http => http.Response.WriteAsync("{}"),
        ["no JSON"] = p => p.Instead = http => http.Response.WriteAsync("<html>"),
        ["a list"] = p => p.Instead = http => http.Response.WriteAsync("[]"),
        ["a refusal"] = p => p.Instead = http => RefuseAsync(http, StatusCodes.Status400BadRequest),
        ["a redirect"] = p =>
            p.Instead = http =>
            {
                http.Response.Redirect("/token");
                return Task.CompletedTask;
            },
    };

    public static TheoryData<string> Names => [.. Lies.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_token_that_is_not_wholly_right_signs_nobody_in(string lie)
    {
        await using var world = await LyingWorld.WithProviderAsync();
        using var anna = world.Portal.NewPerson();
        var back = await world.BeginAsync(anna);
        Lies[lie](world.Provider);

        Assert.Equal(ProviderPerson.FailedWith(ProviderFault.Untrusted), (await anna.GetAsync(back)).Location);
        Assert.False(await anna.IsInAsync());
        Assert.Empty(await world.Portal.WithDbAsync(db => db.Set<ProviderLink>().ToListAsync()));
        Assert.Contains(
            "cannot be trusted",
            (await anna.GetAsync(ProviderPerson.FailedWith(ProviderFault.Untrusted))).Text,
            StringComparison.Ordinal
        );
        var failed = await world.Portal.WithDbAsync(db => db.Set<AuditEntry>().SingleAsync(a => a.Event == AuditEventId.SignInFailed));
        Assert.DoesNotContain("elsewhere", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_lie_anna_is_signed_in_also_by_a_key_that_is_new()
    {
        await using var world = await LyingWorld.WithProviderAsync();
        using var anna = world.Portal.NewPerson();
        Assert.Equal(SignInPaths.Account, (await anna.GetAsync(await world.BeginAsync(anna))).Location);
        world.Provider.Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        world.Portal.Clock.Advance(TimeSpan.FromMinutes(2));
        using var again = world.Portal.NewPerson();

        Assert.Equal(SignInPaths.Account, (await again.GetAsync(await world.BeginAsync(again))).Location);
        Assert.StartsWith("Basic ", world.Provider.Authorization, StringComparison.Ordinal);
        Assert.DoesNotContain("client_secret", world.Provider.Redeemed!.Keys);
        Assert.Equal("https://localhost/sign-in/returned", world.Provider.Redeemed["redirect_uri"]);
    }

    [Theory]
    [InlineData(StatusCodes.Status500InternalServerError)]
    [InlineData(StatusCodes.Status503ServiceUnavailable)]
    public async Task A_provider_that_fails_at_the_code_is_said_to_be_down(int status)
    {
        await using var world = await LyingWorld.WithProviderAsync();
        using var anna = world.Portal.NewPerson();
        var back = await world.BeginAsync(anna);
        world.Provider.Instead = http => RefuseAsync(http, status);

        Assert.Equal(ProviderPerson.FailedWith(ProviderFault.Down), (await anna.GetAsync(back)).Location);
        Assert.Contains(
            "Try again in a few minutes",
            (await anna.GetAsync(ProviderPerson.FailedWith(ProviderFault.Down))).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_provider_that_is_down_is_said_to_be_so_and_back_a_moment_later()
    {
        await using var world = await LyingWorld.WithProviderAsync();
        world.Provider.Instead = http => RefuseAsync(http, StatusCodes.Status503ServiceUnavailable);
        using var anna = world.Portal.NewPerson();

        var page = await anna.TypeNameAsync("anna@corp.test");
        Assert.Contains("sign-in page does not answer", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Refresh", page.Headers.Keys);
        Assert.Contains("Nobody can sign in at the provider", world.Portal.Log.Text, StringComparison.Ordinal);
        world.Provider.Instead = null;
        world.Portal.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains("Refresh", (await anna.GetAsync(SignInPaths.Provider)).Headers.Keys);

        world.Provider.Instead = http => RefuseAsync(http, StatusCodes.Status503ServiceUnavailable);
        world.Portal.Clock.Skip(TimeSpan.FromHours(2));
        using var later = world.Portal.NewPerson();
        Assert.Contains("Refresh", (await later.TypeNameAsync("anna@corp.test")).Headers.Keys);
    }

    [Fact]
    public async Task Metadata_that_change_their_issuer_later_are_not_used()
    {
        await using var world = await LyingWorld.WithProviderAsync();
        world.Provider.Metadata["issuer"] = "https://elsewhere.example";
        using var anna = world.Portal.NewPerson();

        Assert.DoesNotContain("Refresh", (await anna.TypeNameAsync("anna@corp.test")).Headers.Keys);
    }

    [Fact]
    public async Task A_provider_that_promises_to_name_itself_must_do_so()
    {
        await using var world = await LyingWorld.WithProviderAsync();
        world.Provider.Metadata["authorization_response_iss_parameter_supported"] = true;
        world.Provider.Metadata["token_endpoint_auth_methods_supported"] = new System.Text.Json.Nodes.JsonArray("client_secret_post");
        using var anna = world.Portal.NewPerson();

        Assert.Equal(ProviderPerson.FailedWith(ProviderFault.Untrusted), (await anna.GetAsync(await world.BeginAsync(anna))).Location);
        Assert.Equal(
            SignInPaths.Account,
            (await anna.GetAsync($"{await world.BeginAsync(anna)}&iss={Uri.EscapeDataString(world.Provider.Issuer)}")).Location
        );
        Assert.Equal(ProviderProcess.ClientSecret, world.Provider.Redeemed!["client_secret"]);
    }

    [Fact]
    public async Task A_network_that_brings_wrong_answers_again_and_again_waits_and_right_ones_cost_nothing()
    {
        await using var world = await LyingWorld.WithProviderAsync();
        using var anna = world.Portal.NewPerson();
        var limit = Limits.Standard.ProviderReturnsOfNetwork.Most;
        for (var n = 0; n < 3; n++)
        {
            Assert.Equal(SignInPaths.Account, (await anna.GetAsync(await world.BeginAsync(anna))).Location);
        }

        await world.Portal.WithDbAsync(db =>
            db.Set<ThrottleCount>().ExecuteUpdateAsync(set => set.SetProperty(t => t.Count, t => t.Count + limit))
        );
        Assert.Equal(ProviderPerson.FailedWith(ProviderFault.Limited), (await anna.GetAsync(await world.BeginAsync(anna))).Location);
        world.Portal.Clock.Skip(TimeSpan.FromMinutes(62));
        Assert.Equal(SignInPaths.Account, (await anna.GetAsync(await world.BeginAsync(anna))).Location);
    }

    [Fact]
    public async Task Of_many_answers_at_once_one_reaches_the_provider()
    {
        await using var world = await LyingWorld.WithProviderAsync();
        using var anna = world.Portal.NewPerson();
        var back = await world.BeginAsync(anna);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => anna.SecondTab().GetAsync(back)));

        Assert.Single(answers, a => a.Location == SignInPaths.Account);
        Assert.Equal(19, answers.Count(a => a.Location == ProviderPerson.FailedWith(ProviderFault.Over)));
        Assert.Equal(1, world.Provider.Codes);
    }

    private static Task RefuseAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync("""{"error":"invalid_grant","error_description":"elsewhere"}""");
    }
}
