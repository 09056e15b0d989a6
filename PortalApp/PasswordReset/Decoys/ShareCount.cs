using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Tenants;
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

    public async Task<TenantShares> OfAsync(Tenant tenant)
    {
        var now = clock.GetUtcNow();
        var held = counts.GetOrAdd(tenant.Id, _ => New(tenant, now));
        var isOfThisPolicy = held.PolicyVersion == tenant.PolicyVersion && !held.Shares.Value.IsFaulted;
        if (isOfThisPolicy && now - held.At < Kept)
        {
            return await held.Shares.Value;
        }

        var next = New(tenant, now);
        var latest = counts.TryUpdate(tenant.Id, next, held) ? next : counts[tenant.Id];
        return isOfThisPolicy && held.Shares.Value.IsCompletedSuccessfully && !latest.Shares.Value.IsCompleted
            ? await held.Shares.Value
            : await latest.Shares.Value;
    }

    private Count New(Tenant tenant, DateTimeOffset now) => new(now, tenant.PolicyVersion, new(() => Task.Run(() => CountAsync(tenant))));

    private async Task<TenantShares> CountAsync(Tenant tenant)
    {
        var refused = new SortedDictionary<RefusalCode, int>();
        var domains = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var gate = 0;
        await using var db = await databases.CreateDbContextAsync();
        var users = db.Set<User>().AsNoTracking().Include(u => u.Contacts).Where(u => u.Tenant == tenant.Id);
        await foreach (var user in users.AsAsyncEnumerable())
        {
            if (RefusalOf(eligibility.Of(user, tenant.GatesRequired)) is { } code)
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

    private sealed record Count(DateTimeOffset At, int PolicyVersion, Lazy<Task<TenantShares>> Shares);
}
