using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
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

/// <summary>
/// Sends somebody to their domain's provider and judges what comes back; the way there belongs to the attempt, and so to one browser's cookie.
/// </summary>
internal sealed class ProviderStep(
    IDbContextFactory<PortalDb> databases,
    ProviderStore providers,
    ProviderWalks walks,
    SignInStep signIn,
    ThrottleStore throttle,
    LargeNetworks large,
    Limits limits,
    TimeProvider clock
)
{
    /// <summary>Where the browser goes; null while the provider does not answer.</summary>
    public async Task<Uri?> AddressAsync(StandingAttempt attempt, CancellationToken cancellation) =>
        attempt.Provider is { } provider ? await walks.AddressAsync(WalkOf(attempt, provider), cancellation) : null;

    /// <summary>Each attempt is answered once: whatever comes of it, the same answer is worth nothing again.</summary>
    public async Task<ProviderReturn> ReturnAsync(StandingAttempt? attempt, ProviderReply reply, CancellationToken cancellation)
    {
        if (
            attempt is not { Stage: AttemptStage.Provider, Provider: { } provider }
            || !walks.IsAnswered(WalkOf(attempt, provider), reply)
            || !await ClaimAsync(attempt.Row, cancellation)
        )
        {
            return new ProviderReturn.Failed(ProviderFault.Over);
        }

        var network = new NetworkPrefix(attempt.Row.Network);
        var returns = await large.OfAsync(limits.ProviderReturnsOfNetwork, network, attempt.Row.Tenant, cancellation);
        if (!await throttle.TakeAsync(returns, network, cancellation))
        {
            return await FailAsync(attempt, ProviderFault.Limited, "as many answers of a provider as may be tried", cancellation);
        }

        return await walks.ReadAsync(WalkOf(attempt, provider), reply, cancellation) switch
        {
            TokenReading.Proved proved => await ProveAsync(attempt, provider, proved, cancellation),
            TokenReading.Refused refused => await FailAsync(attempt, ProviderFault.Untrusted, refused.Why, cancellation),
            TokenReading.Denied => await FailAsync(attempt, ProviderFault.Denied, "provider denied", cancellation),
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
                var returns = await large.OfAsync(limits.ProviderReturnsOfNetwork, new(row.Network), row.Tenant, cancellation);
                await throttle.GiveBackAsync(db, returns, new(row.Network), now, cancellation);
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

    private static ProviderWalk WalkOf(StandingAttempt attempt, DomainProvider provider) =>
        new(
            provider,
            Convert.ToHexString(attempt.Row.KeyHash),
            attempt.Row.ExpiresAt - AttemptStore.Lifetime,
            attempt.Row.UserPrincipalName
        );
}
