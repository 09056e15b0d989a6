using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.SignIn.Attempts;
using PortalApp.Throttle;

namespace PortalApp.SignIn.Providers;

/// <summary>Why nobody was signed in by a provider; each is a sentence on the sign-in's first page.</summary>
internal enum ProviderFault
{
    /// <summary>The attempt has ended, is another browser's, or was answered before.</summary>
    Over,
    Denied,
    Down,
    Untrusted,

    /// <summary>Somebody else than the name that was typed, or nobody whom the portal knows: told alike.</summary>
    Other,
    Limited,
}

/// <summary>What came of a browser's return. Closed: the cases below.</summary>
internal abstract record ProviderReturn
{
    private ProviderReturn() { }

    /// <param name="Session">The key of a new session; null where more is asked for.</param>
    public sealed record Done(string? Session) : ProviderReturn;

    public sealed record Failed(ProviderFault Fault) : ProviderReturn;
}

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
/// Sends somebody to their domain's provider and judges what comes back: authorisation code with PKCE, state and nonce. All three are computed
/// from the attempt, so that they belong to one browser's cookie and nothing of them is kept.
/// </summary>
internal sealed class ProviderStep(
    IDbContextFactory<PortalDb> databases,
    ProviderStore providers,
    ProviderMetadata metadata,
    ProviderTokens tokens,
    SignInStep signIn,
    ThrottleStore throttle,
    LargeNetworks large,
    Limits limits,
    PortalKeys keys,
    IOptions<PortalOptions> options,
    TimeProvider clock
)
{
    private Uri Returned => new(options.Value.Origin + SignInPaths.Returned);

    /// <summary>Where the browser goes; null while the provider does not answer.</summary>
    public async Task<Uri?> AddressAsync(StandingAttempt attempt, CancellationToken cancellation)
    {
        if (
            attempt.Provider is not { } provider
            || await metadata.FindAsync(provider.Issuer, ProviderMetadata.Fresh, cancellation) is not { } endpoints
        )
        {
            return null;
        }

        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Of(attempt, "verifier"))));
        return new(
            QueryHelpers.AddQueryString(
                endpoints.Authorization.AbsoluteUri,
                new Dictionary<string, string?>
                {
                    ["response_type"] = "code",
                    ["client_id"] = provider.ClientId,
                    ["redirect_uri"] = Returned.AbsoluteUri,
                    ["scope"] = "openid profile",
                    ["state"] = Of(attempt, "state"),
                    ["nonce"] = Of(attempt, "nonce"),
                    ["code_challenge"] = challenge,
                    ["code_challenge_method"] = "S256",
                    ["login_hint"] = attempt.Row.UserPrincipalName,
                }
            )
        );
    }

    /// <summary>Each attempt is answered once: whatever comes of it, the same answer is worth nothing again.</summary>
    public async Task<ProviderReturn> ReturnAsync(StandingAttempt? attempt, ProviderReply reply, CancellationToken cancellation)
    {
        if (
            attempt is not { Stage: AttemptStage.Provider, Provider: { } provider }
            || !CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(reply.State ?? ""),
                Encoding.UTF8.GetBytes(Of(attempt, "state"))
            )
            || !await ClaimAsync(attempt.Row, cancellation)
        )
        {
            return new ProviderReturn.Failed(ProviderFault.Over);
        }

        var network = new NetworkPrefix(attempt.Row.Network);
        if (!await throttle.TakeAsync(large.Of(limits.ProviderReturnsOfNetwork, network), network, cancellation))
        {
            return await FailAsync(attempt, ProviderFault.Limited, "as many answers of a provider as may be tried", cancellation);
        }

        if (await metadata.FindAsync(provider.Issuer, ProviderMetadata.Fresh, cancellation) is not { } endpoints)
        {
            return await FailAsync(attempt, ProviderFault.Down, "provider down", cancellation);
        }

        if (reply.Issuer is { } issuer ? issuer != provider.Issuer : endpoints.NamesItself)
        {
            return await FailAsync(attempt, ProviderFault.Untrusted, "the answer is of another provider", cancellation);
        }

        if (reply.Code is null)
        {
            return await FailAsync(attempt, ProviderFault.Denied, "provider denied", cancellation);
        }

        var code = new CodeToRedeem(
            reply.Code,
            Of(attempt, "verifier"),
            Of(attempt, "nonce"),
            Returned,
            attempt.Row.ExpiresAt - AttemptStore.Lifetime
        );
        return await tokens.RedeemAsync(provider, endpoints, code, cancellation) switch
        {
            TokenReading.Proved proved => await ProveAsync(attempt, provider, proved, cancellation),
            TokenReading.Refused refused => await FailAsync(attempt, ProviderFault.Untrusted, refused.Why, cancellation),
            _ => await FailAsync(attempt, ProviderFault.Down, "provider down", cancellation),
        };
    }

    private async Task<ProviderReturn> ProveAsync(
        StandingAttempt attempt,
        DomainProvider provider,
        TokenReading.Proved proved,
        CancellationToken cancellation
    )
    {
        await using (var db = await databases.CreateDbContextAsync(cancellation))
        await using (var all = await db.Database.BeginTransactionAsync(cancellation))
        {
            var person = await providers.PersonAsync(db, provider, proved.Subject, proved.Name, cancellation);
            if (person is not null && person.Id == attempt.User?.Id)
            {
                var (row, now) = (attempt.Row, clock.GetUtcNow());
                row.PasswordAt = now;
                await throttle.GiveBackAsync(db, limits.ProviderReturnsOfNetwork, new(row.Network), now, cancellation);
                var answer =
                    attempt.Stage == AttemptStage.Done
                        ? await signIn.SignInAsync(db, attempt, withSecondFactor: false, cancellation)
                        : await SignInStep.MoveOnAsync(db, row, cancellation);
                if (answer is not SignInAnswer.Done { Session: var session })
                {
                    return new ProviderReturn.Failed(ProviderFault.Over);
                }

                await db.SaveChangesAsync(cancellation);
                await all.CommitAsync(cancellation);
                return new ProviderReturn.Done(session);
            }
        }

        return await FailAsync(attempt, ProviderFault.Other, "the provider signed in somebody else", cancellation);
    }

    private async Task<bool> ClaimAsync(Attempt row, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Attempt>()
                .Where(a => a.Id == row.Id && a.KeyHash == row.KeyHash && a.ReturnedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.ReturnedAt, now), cancellation) == 1;
    }

    private async Task<ProviderReturn> FailAsync(StandingAttempt attempt, ProviderFault fault, string what, CancellationToken cancellation)
    {
        await using (var db = await databases.CreateDbContextAsync(cancellation))
        {
            await AttemptStore.EndAsync(db, attempt.Row, cancellation);
        }

        await signIn.FailedAsync(attempt.Row, what, null, cancellation);
        return new ProviderReturn.Failed(fault);
    }

    /// <summary>Of this attempt at this provider alone: one that is set anew meanwhile is not answered for by the old one.</summary>
    private string Of(StandingAttempt attempt, string what) =>
        Base64Url.EncodeToString(
            FieldMac.Of(
                keys.Code,
                $"provider {what}",
                Convert.ToHexString(attempt.Row.KeyHash),
                attempt.Provider!.Issuer,
                attempt.Provider.ClientId
            )
        );
}
