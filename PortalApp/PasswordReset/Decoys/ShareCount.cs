using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Policy;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.PasswordReset.Decoys;

/// <summary>
/// Counts <see cref="TenantShares"/> over all of a tenant's accounts, by the very code that judges a real one. Kept for a minute; while it is
/// counted anew everybody but the first caller ever gets the count before it.
/// </summary>
internal sealed class ShareCount(IDbContextFactory<PortalDb> databases, GateProfiles profiles, Memberships memberships, TimeProvider clock)
{
    /// <summary>Accounts whose methods are looked up at once.</summary>
    private const int Batch = 500;
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
        var named = policy.List.Groups.ToHashSet();
        var count = new Tally();
        await using var db = await databases.CreateDbContextAsync();
        var users = db.Set<User>().AsNoTracking().Include(u => u.Contacts).Where(u => u.Tenant == policy.Tenant && u.GoneAt == null);
        await foreach (var some in users.AsAsyncEnumerable().Chunk(Batch))
        {
            var all = await profiles.OfAsync([.. some.Select(u => GatePerson.Of(u.Tenant, u.Id, u))], default);
            var groups = await memberships.OfAsync(policy.Tenant, [.. some.Select(u => u.Id)], default);
            foreach (var user in some)
            {
                var terms = policy.List.For(groups[user.Id]);
                var held = all[user.Id].Among(terms.Methods);
                count.Add(RefusalOf(ResetEligibility.Of(user, held, terms)), held, [.. groups[user.Id].Where(named.Contains).Order()]);
            }
        }

        return count.ToShares();
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

    private sealed class Tally
    {
        private readonly Dictionary<RefusalCode, int> refused = [];
        private readonly Dictionary<string, (GateShape Shape, Dictionary<string, (GateLook[] Looks, int Accounts)> Seen)> held = [];

        /// <param name="code">Null for an account that reaches the gates.</param>
        /// <param name="groups">Of those that the policies name.</param>
        public void Add(RefusalCode? code, GateProfile profile, IReadOnlyList<long> groups)
        {
            if (code is { } why)
            {
                refused[why] = refused.GetValueOrDefault(why) + 1;
                return;
            }

            var usable = profile.Held.Where(h => !h.IsUsedUp).ToArray();
            var factors = usable.Where(h => profile.HasRole && h.IsSecondFactor).Select(h => h.Method);
            var shape = new GateShape([.. usable.Select(h => h.Method)], profile.HasRole, [.. factors], groups);
            held.TryAdd(shape.Name, (shape, []));
            GateLook[] looks =
            [
                .. shape.ShownMethods.Select(m => usable.First(h => h.Method == m)).Select(h => new GateLook(h.Mask, h.Questions)),
            ];
            var (seen, name) = (held[shape.Name].Seen, string.Join('\n', looks.Select(look => look.Name)));
            seen[name] = (looks, seen.GetValueOrDefault(name).Accounts + 1);
        }

        public TenantShares ToShares() =>
            new(
                [.. refused.Select(r => (r.Key, r.Value))],
                [
                    .. held.Values.Select(h =>
                        (h.Shape, LookTree.Of([.. h.Seen.Values.Select(s => ((IReadOnlyList<GateLook>)s.Looks, s.Accounts))]))
                    ),
                ]
            );
    }

    private sealed record Count(DateTimeOffset At, int Policy, Lazy<Task<TenantShares>> Shares);
}
