using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Agents;
using PortalApp.Agents;

namespace PortalApp.Tests.Agents;

/// <summary>What an attacker may try with the token of an agent's call.</summary>
public sealed class AgentCallTokenTests : IDisposable
{
    private const string Kid = "the-key";
    private const string Audience = "https://portal.example";
    private const string Path = AgentApi.Claim;
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Body = "{\"request\":\"r\"}"u8.ToArray();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task A_fresh_token_is_verified_and_says_whose_it_is()
    {
        var verified = Assert.IsType<AgentCallVerdict.Verified>(await VerifyAsync(Fresh()));

        Assert.Equal((Kid, "agent-7"), (verified.Kid, verified.AgentId));
        Assert.NotEmpty(verified.TokenId);
    }

    [Fact]
    public async Task No_two_tokens_have_one_id() =>
        Assert.NotEqual(
            Assert.IsType<AgentCallVerdict.Verified>(await VerifyAsync(Fresh())).TokenId,
            Assert.IsType<AgentCallVerdict.Verified>(await VerifyAsync(Fresh())).TokenId
        );

    [Theory]
    [InlineData(-91)]
    [InlineData(31)]
    public async Task A_token_of_another_minute_is_refused(int secondsFromNow) =>
        await AssertRefusedAsync(Fresh(at: Now.AddSeconds(secondsFromNow)));

    [Theory]
    [InlineData(-89)]
    [InlineData(29)]
    public async Task Clocks_may_differ_by_half_a_minute(int secondsFromNow) =>
        Assert.IsType<AgentCallVerdict.Verified>(await VerifyAsync(Fresh(at: Now.AddSeconds(secondsFromNow))));

    [Fact]
    public async Task A_token_for_another_body_path_or_portal_is_refused()
    {
        Assert.IsType<AgentCallVerdict.Refused>(await VerifyAsync(Fresh(), body: "{\"request\":\"s\"}"u8.ToArray()));
        Assert.IsType<AgentCallVerdict.Refused>(await VerifyAsync(Fresh(), path: AgentApi.Outcome));
        Assert.IsType<AgentCallVerdict.Refused>(await VerifyAsync(Fresh(), audience: "https://other.example"));
    }

    [Fact]
    public async Task A_token_of_an_unknown_or_another_key_is_refused()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        await AssertRefusedAsync(AgentCallToken.Create(key, "another-kid", "agent-7", Audience, Path, Body, Now));
        await AssertRefusedAsync(AgentCallToken.Create(stranger, Kid, "agent-7", Audience, Path, Body, Now));
    }

    [Theory]
    [Trait("Case", "H67")]
    [InlineData("alg", "none")]
    [InlineData("alg", "HS256")]
    [InlineData("alg", "ES384")]
    [InlineData("typ", "JWT")]
    [InlineData("crit", "exp")]
    [InlineData("jku", "https://evil.example/keys")]
    [InlineData("jwk", "{}")]
    public async Task Another_header_is_refused_though_the_signature_is_right(string name, string value) =>
        await AssertRefusedAsync(Signed(header => header[name] = value, _ => { }));

    [Theory]
    [InlineData("nbf", 0)]
    [InlineData("admin", 1)]
    public async Task A_claim_that_nobody_asked_for_is_refused(string name, int value) =>
        await AssertRefusedAsync(Signed(_ => { }, claims => claims[name] = value));

    [Theory]
    [InlineData("iss")]
    [InlineData("jti")]
    [InlineData("exp")]
    [InlineData(AgentApi.BodyHashClaim)]
    public async Task A_claim_that_is_missing_is_refused(string name) =>
        await AssertRefusedAsync(Signed(_ => { }, claims => claims.Remove(name)));

    [Fact]
    public async Task A_token_that_lives_longer_than_a_minute_is_refused() =>
        await AssertRefusedAsync(Signed(_ => { }, claims => claims["exp"] = Now.AddMinutes(2).ToUnixTimeSeconds()));

    [Fact]
    [Trait("Case", "H67")]
    public async Task A_token_without_signature_or_signed_with_the_public_key_as_a_secret_is_refused()
    {
        var parts = Fresh().Split('.');
        var none = Part(
            new JsonObject
            {
                ["alg"] = "none",
                ["typ"] = AgentApi.TokenType,
                ["kid"] = Kid,
            }
        );
        var hmac = Part(
            new JsonObject
            {
                ["alg"] = "HS256",
                ["typ"] = AgentApi.TokenType,
                ["kid"] = Kid,
            }
        );
        var mac = HMACSHA256.HashData(key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes($"{hmac}.{parts[1]}"));

        await AssertRefusedAsync($"{none}.{parts[1]}.");
        await AssertRefusedAsync($"{hmac}.{parts[1]}.{Base64Url.EncodeToString(mac)}");
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("{}.{}.{}")]
    [InlineData("e30.e30.e30")]
    [InlineData("bnVsbA.bnVsbA.bnVsbA")]
    public async Task What_is_no_token_is_refused(string token) => await AssertRefusedAsync(token);

    [Fact]
    [Trait("Case", "H68")]
    public async Task A_character_changed_anywhere_is_refused()
    {
        var token = Fresh();
        for (var at = 0; at < token.Length; at++)
        {
            // The last character of a part carries bits that decode to nothing.
            if (token[at] == '.' || at + 1 == token.Length || token[at + 1] == '.')
            {
                continue;
            }

            var changed = token[at] == 'A' ? 'B' : 'A';
            await AssertRefusedAsync($"{token[..at]}{changed}{token[(at + 1)..]}");
        }
    }

    private string Fresh(DateTimeOffset? at = null) => AgentCallToken.Create(key, Kid, "agent-7", Audience, Path, Body, at ?? Now);

    /// <summary>The portal's own form, changed and signed again with the right key.</summary>
    private string Signed(Action<JsonObject> header, Action<JsonObject> claims)
    {
        var parts = Fresh().Split('.').Select(part => JsonNodeOf(part)).ToArray();
        header(parts[0]!);
        claims(parts[1]!);
        var signed = $"{Part(parts[0]!)}.{Part(parts[1]!)}";
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation
        );
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static JsonObject? JsonNodeOf(string part)
    {
        try
        {
            return JsonNode.Parse(Base64Url.DecodeFromChars(part)) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private async Task AssertRefusedAsync(string token) => Assert.IsType<AgentCallVerdict.Refused>(await VerifyAsync(token));

    private async Task<AgentCallVerdict> VerifyAsync(string token, byte[]? body = null, string path = Path, string audience = Audience)
    {
        var verdict = await AgentCallVerdict.OfAsync(
            token,
            audience,
            path,
            Now,
            kid => Task.FromResult(kid == Kid ? ECDsa.Create(key.ExportParameters(includePrivateParameters: false)) : null)
        );
        return verdict is AgentCallVerdict.Verified call && !call.IsFor(body ?? Body)
            ? new AgentCallVerdict.Refused("for another body")
            : verdict;
    }
}
