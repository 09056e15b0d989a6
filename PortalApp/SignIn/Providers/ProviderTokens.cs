using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Portal.Tenants;
using PortalApp.Outbound;

namespace PortalApp.SignIn.Providers;

/// <summary>What a provider's answer is not taken for.</summary>
internal enum TokenFault
{
    Provider,

    /// <summary>The id or the secret of the client.</summary>
    Client,
    Code,
    Token,
}

/// <summary>What came of a provider's answer. Closed: the cases below.</summary>
internal abstract record TokenReading
{
    private TokenReading() { }

    /// <param name="Name">The <c>upn</c> claim; null where there is none that can be a name.</param>
    public sealed record Proved(string Subject, UserPrincipalName? Name) : TokenReading;

    /// <param name="Why">For the log; nothing of the provider's own words.</param>
    public sealed record Refused(TokenFault Fault, string Why) : TokenReading;

    /// <summary>There is no code: nobody was signed in there.</summary>
    public sealed record Denied : TokenReading;

    public sealed record Down : TokenReading;
}

/// <summary>What the browser brought back, and what it must match.</summary>
/// <param name="Since">When the sign-in was begun: an older token is not its answer.</param>
internal sealed record CodeToRedeem(string Code, string Verifier, string Nonce, Uri Returned, DateTimeOffset Since);

/// <summary>
/// Redeems a code at the provider and judges the ID token (OpenID Connect Core §3.1.3.7): its issuer, this client as its one audience, a
/// signature by an asymmetric key that the provider publishes, its times, and the nonce of this sign-in.
/// </summary>
internal sealed class ProviderTokens(IHttpClientFactory clients, ProviderStore providers, ProviderMetadata metadata, TimeProvider clock)
{
    private const int LongestSubject = 255;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Of OAuth's own; what else a provider says is not repeated.</summary>
    private static readonly string[] Errors =
    [
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "unauthorized_client",
        "invalid_scope",
    ];

    public async Task<TokenReading> RedeemAsync(
        DomainProvider provider,
        ProviderEndpoints endpoints,
        CodeToRedeem code,
        CancellationToken cancellation
    )
    {
        try
        {
            using var http = clients.CreateClient(OutboundServices.Client);
            using var request = Request(provider, endpoints, code);
            using var answer = await http.SendAsync(request, cancellation);
            if ((int)answer.StatusCode >= StatusCodes.Status500InternalServerError)
            {
                return new TokenReading.Down();
            }

            using var said = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(cancellation));
            return answer.IsSuccessStatusCode && TextOf(said.RootElement, "id_token") is { } token
                ? await JudgeAsync(provider, endpoints, code, token, cancellation)
                : NotRedeemed(Array.Find(Errors, e => e == TextOf(said.RootElement, "error")));
        }
        catch (JsonException)
        {
            return new TokenReading.Refused(TokenFault.Code, "the answer to the code is no JSON");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return new TokenReading.Down();
        }
    }

    private static TokenReading.Refused NotRedeemed(string? error) =>
        new(
            error is "invalid_client" or "unauthorized_client" ? TokenFault.Client : TokenFault.Code,
            $"the code was not redeemed: {error ?? "no token"}"
        );

    private async Task<TokenReading> JudgeAsync(
        DomainProvider provider,
        ProviderEndpoints endpoints,
        CodeToRedeem code,
        string token,
        CancellationToken cancellation
    )
    {
        var result = await ValidateAsync(endpoints);
        if (
            result.Exception is SecurityTokenSignatureKeyNotFoundException
            && await metadata.FindAsync(provider.Issuer, ProviderMetadata.FreshForUnknownKey, cancellation) is { } renewed
            && renewed != endpoints
        )
        {
            result = await ValidateAsync(renewed);
        }

        return result is { IsValid: true, SecurityToken: JsonWebToken read }
            ? ClaimsOf(read)
            : new TokenReading.Refused(TokenFault.Token, $"the token is not valid: {result.Exception.GetType().Name}");

        Task<TokenValidationResult> ValidateAsync(ProviderEndpoints from) =>
            new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, Rules(from));

        TokenValidationParameters Rules(ProviderEndpoints from) =>
            new()
            {
                ValidIssuer = provider.Issuer,
                ValidAudience = provider.ClientId,
                ValidAlgorithms = Algorithms,
                IssuerSigningKeys = from.Keys,
                LifetimeValidator = (from, until, _, _) => IsNow(from, until),
            };

        TokenReading ClaimsOf(JsonWebToken read) =>
            read.Audiences.Count() != 1 ? new TokenReading.Refused(TokenFault.Token, "the token is for others too")
            : Claim(read, "azp") is { } party && !provider.ClientId.Equals(party)
                ? new TokenReading.Refused(TokenFault.Token, "the token was made for another client")
            : !code.Nonce.Equals(Claim(read, "nonce")) ? new TokenReading.Refused(TokenFault.Token, "the token is of another sign-in")
            : !IsOfNow(read, code.Since) ? new TokenReading.Refused(TokenFault.Token, "the token is older than the sign-in")
            : Claim(read, "sub") is not string { Length: > 0 and <= LongestSubject } subject
                ? new TokenReading.Refused(TokenFault.Token, "the token names nobody")
            : new TokenReading.Proved(subject, UserPrincipalName.TryParse(Claim(read, "upn") as string));
    }

    private bool IsNow(DateTime? from, DateTime? until)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return until is { } end && end + Skew > now && (from is not { } begin || begin - Skew <= now);
    }

    private bool IsOfNow(JsonWebToken token, DateTimeOffset since) =>
        token.IssuedAt != default && token.IssuedAt >= since.UtcDateTime - Skew && token.IssuedAt <= clock.GetUtcNow().UtcDateTime + Skew;

    /// <summary>As the token has it: <c>TryGetPayloadValue&lt;string&gt;</c> makes a text of a list too.</summary>
    private static object? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<object>(name, out var value) ? value : null;

    private HttpRequestMessage Request(DomainProvider provider, ProviderEndpoints endpoints, CodeToRedeem code)
    {
        var secret = providers.SecretOf(provider);
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code.Code,
            ["redirect_uri"] = code.Returned.AbsoluteUri,
            ["code_verifier"] = code.Verifier,
            ["client_id"] = provider.ClientId,
        };
        if (endpoints.PostsSecret)
        {
            form["client_secret"] = secret;
        }

        var request = new HttpRequestMessage(HttpMethod.Post, endpoints.Token) { Content = new FormUrlEncodedContent(form) };
        if (!endpoints.PostsSecret)
        {
            var pair = $"{Uri.EscapeDataString(provider.ClientId)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
        }

        return request;
    }

    private static string? TextOf(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
