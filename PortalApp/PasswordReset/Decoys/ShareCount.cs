using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Policy;
using PortalApp.Users;

namespace PortalApp.PasswordReset.Decoys;

/// <summary>
/// Counts <see cref="TenantShares"/> over all of a tenant's accounts, by the very code that judges a real one. Kept for a minute; while it is
/// counted anew everybody but the first caller ever gets the count before it.
/// </summary>
internal sealed class ShareCount(IDbContextFactory<PortalDb> databases, Eligibility eligibility, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<TenantId, Count> counts = new();

    public async Task<TenantShares> OfAsync(PolicyVersion policy)
    {
        var now = clock.GetUtcNow();
        var held = counts.GetOrAdd(policy.Tenant, _ => New(policy, now));
        var isOfThisPolicy = held.Policy == policy.Number && !held.Shares.Value.IsFaulted;
        if (isOfThisPolicy && now - held.At < Kept)
        {
            return await held.Shares.Value;
        }

        var next = New(policy, now);
        var latest = counts.TryUpdate(policy.Tenant, next, held) ? next : counts[policy.Tenant];
        return isOfThisPolicy && held.Shares.Value.IsCompletedSuccessfully && !latest.Shares.Value.IsCompleted
            ? await held.Shares.Value
            : await latest.Shares.Value;
    }

    private Count New(PolicyVersion policy, DateTimeOffset now) => new(now, policy.Number, new(() => Task.Run(() => CountAsync(policy))));

    private async Task<TenantShares> CountAsync(PolicyVersion policy)
    {
        var terms = policy.Terms;
        var refused = new SortedDictionary<RefusalCode, int>();
        var domains = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var gate = 0;
        await using var db = await databases.CreateDbContextAsync();
        var users = db.Set<User>().AsNoTracking().Include(u => u.Contacts).Where(u => u.Tenant == policy.Tenant);
        await foreach (var user in users.AsAsyncEnumerable())
        {
            if (RefusalOf(eligibility.Of(user, terms)) is { } code)
            {
                refused[code] = refused.GetValueOrDefault(code) + 1;
                continue;
            }

            gate++;
            if (user.ToContactData().AlternateEmail is { } address)
            {
                var domain = address.Domain.ToLowerInvariant();
                domains[domain] = domains.GetValueOrDefault(domain) + 1;
            }
        }

        return new([.. refused.Select(r => (r.Key, r.Value))], gate, [.. domains.Select(d => (d.Key, d.Value))]);
    }

    /// <summary>Null where the flow goes on.</summary>
    public static RefusalCode? RefusalOf(ResetEligibility verdict) =>
        verdict switch
        {
            ResetEligibility.Proceed => null,
            ResetEligibility.NotEnabled => RefusalCode.NotEnabled,
            ResetEligibility.NoLicence => RefusalCode.NoLicence,
            ResetEligibility.TooFewMethods => RefusalCode.TooFewMethods,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private sealed record Count(DateTimeOffset At, int Policy, Lazy<Task<TenantShares>> Shares);
}
