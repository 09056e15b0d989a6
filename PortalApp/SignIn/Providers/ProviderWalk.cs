using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using PortalApp.Data;
using PortalApp.Secrets;

namespace PortalApp.SignIn.Providers;

/// <summary>Somebody's way to a provider's page and back.</summary>
/// <param name="Key">Names this way alone: what goes along is computed from it.</param>
/// <param name="Hint">Who is meant to sign in there; null for whoever likes.</param>
internal sealed record ProviderWalk(DomainProvider Provider, string Key, DateTimeOffset Since, string? Hint);

/// <summary>What the provider's page sent the browser back with; null for what is not there, or there twice.</summary>
internal sealed record ProviderReply(string? State, string? Code, string? Error, string? Issuer)
{
    public static ProviderReply Of(IQueryCollection query)
    {
        return new(One("state"), One("code"), One("error"), One("iss"));

        string? One(string name) => query[name] is [{ Length: > 0 } value] ? value : null;
    }
}

/// <summary>
/// Authorisation code with PKCE, state and nonce: all three are computed from the way's key, so that they belong to one browser and nothing of
/// them is kept.
/// </summary>
internal sealed class ProviderWalks(ProviderMetadata metadata, ProviderTokens tokens, PortalKeys keys, IOptions<PortalOptions> options)
{
    /// <summary>What every provider is told of this portal.</summary>
    public Uri Returned => new(options.Value.Origin + SignInPaths.Returned);

    /// <summary>Where the browser goes; null while the provider does not answer.</summary>
    public async Task<Uri?> AddressAsync(ProviderWalk walk, CancellationToken cancellation)
    {
        if (await metadata.FindAsync(walk.Provider.Issuer, ProviderMetadata.Fresh, cancellation) is not { } endpoints)
        {
            return null;
        }

        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Of(walk, "verifier"))));
        var asked = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = walk.Provider.ClientId,
            ["redirect_uri"] = Returned.AbsoluteUri,
            ["scope"] = "openid profile",
            ["state"] = Of(walk, "state"),
            ["nonce"] = Of(walk, "nonce"),
            ["code_challenge"] = challenge,
            ["code_challenge_method"] = "S256",
            ["login_hint"] = walk.Hint,
        };
        return new(QueryHelpers.AddQueryString(endpoints.Authorization.AbsoluteUri, asked));
    }

    /// <summary>The reply is to this way, and to no other browser's.</summary>
    public bool IsAnswered(ProviderWalk walk, ProviderReply reply) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(reply.State ?? ""), Encoding.UTF8.GetBytes(Of(walk, "state")));

    /// <summary>Who came back, of a reply that <see cref="IsAnswered"/>.</summary>
    public async Task<TokenReading> ReadAsync(ProviderWalk walk, ProviderReply reply, CancellationToken cancellation)
    {
        var provider = walk.Provider;
        if (await metadata.FindAsync(provider.Issuer, ProviderMetadata.Fresh, cancellation) is not { } endpoints)
        {
            return new TokenReading.Down();
        }

        if (reply.Issuer is { } issuer ? issuer != provider.Issuer : endpoints.NamesItself)
        {
            return new TokenReading.Refused(TokenFault.Provider, "the answer is of another provider");
        }

        if (reply.Code is null)
        {
            return new TokenReading.Denied();
        }

        var code = new CodeToRedeem(reply.Code, Of(walk, "verifier"), Of(walk, "nonce"), Returned, walk.Since);
        return await tokens.RedeemAsync(provider, endpoints, code, cancellation);
    }

    /// <summary>Of this way to this provider alone: one that is set anew meanwhile is not answered for by the old one.</summary>
    private string Of(ProviderWalk walk, string what) =>
        Base64Url.EncodeToString(FieldMac.Of(keys.Code, $"provider {what}", walk.Key, walk.Provider.Issuer, walk.Provider.ClientId));
}
