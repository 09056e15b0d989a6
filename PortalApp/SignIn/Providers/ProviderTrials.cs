using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.SignIn.Sessions;

namespace PortalApp.SignIn.Providers;

/// <summary>
/// Providers before they hold: the administrator who wrote one down signs in there as whom they like, and is told what a sign-in would come to.
/// Nobody is signed in or linked by it, and only one that fits is made to hold.
/// </summary>
internal sealed class ProviderTrials(
    IDbContextFactory<PortalDb> databases,
    ProviderStore providers,
    ProviderWalks walks,
    TimeProvider clock
)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Null where none is tried for the domain.</summary>
    public async Task<ProviderTrial?> FindAsync(TenantId tenant, string domain, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<ProviderTrial>()
            .AsNoTracking()
            .SingleOrDefaultAsync(t => t.Tenant == tenant && t.Domain == domain && t.ExpiresAt > now, cancellation);
    }

    /// <summary>In the place of one that was tried before. The provider is asked for its metadata first.</summary>
    /// <param name="who">The administrator who tries it; null for whoever of them takes it up at the desk.</param>
    public async Task<ChangeOutcome<ProviderTrial>> BeginAsync(
        TenantId tenant,
        string? who,
        string domain,
        ProviderChange change,
        CancellationToken cancellation
    )
    {
        var judged = await providers.JudgeAsync(tenant, domain, change, cancellation);
        if (judged is not ChangeOutcome<DomainProvider>.Done { Value: var provider })
        {
            return judged.Refused<ProviderTrial>();
        }

        return await databases.ChangeAsync<ProviderTrial>(
            async db =>
            {
                await db.Set<ProviderTrial>().Where(t => t.Domain == provider.Domain).ExecuteDeleteAsync(cancellation);
                var now = clock.GetUtcNow();
                var trial = new ProviderTrial
                {
                    Domain = provider.Domain,
                    Tenant = provider.Tenant,
                    Issuer = provider.Issuer,
                    ClientId = provider.ClientId,
                    Secret = provider.Secret,
                    KeyNumber = provider.KeyNumber,
                    UserId = who,
                    Key = NewKey(),
                    BegunAt = now,
                    ExpiresAt = now + Lifetime,
                };
                db.Add(trial);
                return new ChangeOutcome<ProviderTrial>.Done(trial);
            },
            cancellation
        );
    }

    /// <summary>The same provider once more, for another account there.</summary>
    public async Task RepeatAsync(SignedIn me, ProviderTrial trial, CancellationToken cancellation)
    {
        var (now, key, none) = (clock.GetUtcNow(), NewKey(), (DateTimeOffset?)null);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await Same(db, trial)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(t => t.UserId, me.User.Id)
                        .SetProperty(t => t.Key, key)
                        .SetProperty(t => t.BegunAt, now)
                        .SetProperty(t => t.ReturnedAt, none)
                        .SetProperty(t => t.Result, (TrialResult?)null)
                        .SetProperty(t => t.Name, (string?)null),
                cancellation
            );
    }

    public async Task DropAsync(ProviderTrial trial, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await Same(db, trial).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>Where the administrator signs in; null while the provider does not answer.</summary>
    public Task<Uri?> AddressAsync(ProviderTrial trial, CancellationToken cancellation) => walks.AddressAsync(WalkOf(trial), cancellation);

    /// <summary>Each way there is answered once; what came of it stays with the trial.</summary>
    /// <returns>Null where the reply is to no trial of theirs.</returns>
    public async Task<ProviderTrial?> ReturnAsync(SignedIn me, ProviderReply reply, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var begun = await db.Set<ProviderTrial>()
            .AsNoTracking()
            .Where(t => t.Tenant == me.Tenant.Id && t.UserId == me.User.Id && t.ExpiresAt > now && t.ReturnedAt == null)
            .ToListAsync(cancellation);
        if (begun.Find(t => walks.IsAnswered(WalkOf(t), reply)) is not { } trial)
        {
            return null;
        }

        if (await Same(db, trial).ExecuteUpdateAsync(set => set.SetProperty(t => t.ReturnedAt, now), cancellation) == 1)
        {
            var (result, name) = await ReadAsync(trial, reply, cancellation);
            await Same(db, trial)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(t => t.Result, (TrialResult?)result).SetProperty(t => t.Name, name),
                    cancellation
                );
        }

        return trial;
    }

    /// <summary>From now on the domain's people sign in there. Only one that fits, and as it was tried.</summary>
    public Task<ChangeOutcome<DomainProvider>> HoldAsync(ProviderTrial tried, Actor by, CancellationToken cancellation) =>
        databases.ChangeAsync(
            async db =>
            {
                var now = clock.GetUtcNow();
                if (
                    await Same(db, tried)
                        .AsNoTracking()
                        .SingleOrDefaultAsync(t => t.Result == TrialResult.Fits && t.ExpiresAt > now, cancellation)
                    is not { } trial
                )
                {
                    return new ChangeOutcome<DomainProvider>.NotThere();
                }

                await Same(db, trial).ExecuteDeleteAsync(cancellation);
                return await providers.WriteAsync(db, trial.Provider(), by, cancellation);
            },
            cancellation
        );

    /// <summary>By the sign-in's own rules, and nothing of what they would write stays.</summary>
    private async Task<(TrialResult, string?)> ReadAsync(ProviderTrial trial, ProviderReply reply, CancellationToken cancellation)
    {
        switch (await walks.ReadAsync(WalkOf(trial), reply, cancellation))
        {
            case TokenReading.Proved proved:
                await using (var db = await databases.CreateDbContextAsync(cancellation))
                await using (await db.Database.BeginTransactionAsync(cancellation))
                {
                    var person = await providers.PersonAsync(db, trial.Provider(), proved.Subject, proved.Name, cancellation);
                    return person is null
                        ? (Why(proved.Name, trial), proved.Name?.Value)
                        : (person.Domain == trial.Domain ? TrialResult.Fits : TrialResult.OtherDomain, person.UserPrincipalName);
                }

            case TokenReading.Refused { Fault: var fault }:
                return (ResultOf(fault), null);
            case TokenReading.Denied:
                return (TrialResult.Denied, null);
            default:
                return (TrialResult.Down, null);
        }
    }

    private static TrialResult Why(UserPrincipalName? name, ProviderTrial trial) =>
        name is null ? TrialResult.NoName
        : name.Domain != trial.Domain ? TrialResult.OtherDomain
        : TrialResult.Unknown;

    private static TrialResult ResultOf(TokenFault fault) =>
        fault switch
        {
            TokenFault.Client => TrialResult.ClientRefused,
            TokenFault.Code => TrialResult.CodeRefused,
            TokenFault.Provider => TrialResult.OtherProvider,
            _ => TrialResult.TokenRefused,
        };

    /// <summary>The row as it was looked at: neither another one in its place nor the same one begun once more.</summary>
    private static IQueryable<ProviderTrial> Same(PortalDb db, ProviderTrial trial) =>
        db.Set<ProviderTrial>().Where(t => t.Tenant == trial.Tenant && t.Domain == trial.Domain && t.Key == trial.Key);

    private static ProviderWalk WalkOf(ProviderTrial trial) =>
        new(trial.Provider(), $"trial {Convert.ToHexString(trial.Key)}", trial.BegunAt, null);

    private static byte[] NewKey() => RandomNumberGenerator.GetBytes(32);
}
