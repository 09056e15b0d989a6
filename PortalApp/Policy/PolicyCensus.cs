using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.Policy;

/// <summary>People who are alike in all that policies ask for.</summary>
/// <param name="Mark">What they have in common, as the database computes it.</param>
/// <param name="Held">Of the methods that a policy takes.</param>
/// <param name="Groups">Of those that the policies name.</param>
/// <param name="Person">Who is alone of their kind, as they have a role; null for all others.</param>
internal sealed record AlikePeople(
    long Mark,
    bool ResetEnabled,
    bool Licensed,
    GateProfile Held,
    IReadOnlySet<long> Groups,
    int Count,
    PersonNamed? Person = null
)
{
    /// <summary>By the very rules that a reset asks.</summary>
    public JudgedPeople Under(PolicyList list)
    {
        var terms = list.For(Groups);
        var usable = Held.Among(terms.Methods);
        return new(
            ResetEligibility.Of(terms.Enabled && ResetEnabled, Licensed, usable.Suffices(terms.Gates)),
            terms with
            {
                Gates = usable.GatesOf(terms.Gates),
            },
            [.. usable.Methods],
            usable.Suffices(terms.Gates)
        );
    }
}

/// <param name="Usable">What they hold, of the methods of the terms.</param>
/// <param name="IsRegistered">It is enough, whether or not they may reset.</param>
internal sealed record JudgedPeople(ResetEligibility Verdict, AppliedTerms Terms, IReadOnlyList<GateMethod> Usable, bool IsRegistered);

internal sealed record PersonNamed(string Id, string Name, string UserPrincipalName);

/// <summary>
/// Counts a tenant's people by what policies ask for, in one statement however many there are; each kind of people is then judged once, by the
/// rules that a reset asks.
/// </summary>
internal sealed class PolicyCensus(
    IDbContextFactory<PortalDb> databases,
    IEnumerable<IGate> gates,
    GateProfiles profiles,
    Memberships memberships
)
{
    private const long IsCounted = 1;
    private const long IsEnabled = 2;
    private const long IsLicensed = 4;
    private const int FirstGate = 3;
    private readonly IGate[] gates = [.. gates.OrderBy(gate => gate.Method)];

    /// <param name="lists">Whose groups are told apart.</param>
    public async Task<IReadOnlyList<AlikePeople>> CountAsync(
        TenantId tenant,
        IReadOnlyList<PolicyList> lists,
        CancellationToken cancellation
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var (asked, groups) = (GatesOf(lists), GroupsOf(lists));
        var marked = await MarkedAsync(db, tenant, asked, groups, cancellation);
        var counted = await marked.GroupBy(p => p.Mark).Select(p => new { p.Key, Count = p.Count() }).ToListAsync(cancellation);
        return
        [
            .. counted.Select(c => new AlikePeople(
                c.Key,
                (c.Key & IsEnabled) != 0,
                (c.Key & IsLicensed) != 0,
                new([.. asked.Where((_, i) => Has(c.Key, FirstGate + i)).Select(gate => new GateHolding(gate.Method, null, []))]),
                groups.Where((_, i) => Has(c.Key, FirstGate + asked.Length + i)).ToHashSet(),
                c.Count
            )),
            .. await WithRoleAsync(db, tenant, cancellation),
        ];
    }

    /// <summary>They are few, and more is asked of them than can be said to a database.</summary>
    private async Task<IEnumerable<AlikePeople>> WithRoleAsync(PortalDb db, TenantId tenant, CancellationToken cancellation)
    {
        var people = await db.Set<User>()
            .AsNoTracking()
            .Include(user => user.Contacts)
            .Where(user => user.Tenant == tenant && user.GoneAt == null && user.Role != Role.User)
            .ToListAsync(cancellation);
        var held = await profiles.OfAsync([.. people.Select(user => GatePerson.Of(tenant, user.Id, user))], cancellation);
        var groups = await memberships.OfAsync(tenant, [.. people.Select(user => user.Id)], cancellation);
        return people.Select(user => new AlikePeople(
            -1,
            user.ResetEnabled,
            user.Licensed,
            held[user.Id],
            groups[user.Id],
            1,
            new(user.Id, user.DisplayName ?? user.UserPrincipalName, user.UserPrincipalName)
        ));
    }

    /// <summary>The first of them by user ID.</summary>
    /// <param name="lists">Those that they were counted by.</param>
    /// <param name="after">Begin behind that user ID.</param>
    public async Task<IReadOnlyList<PersonNamed>> NamesAsync(
        TenantId tenant,
        IReadOnlyList<PolicyList> lists,
        IReadOnlyList<AlikePeople> people,
        int most,
        CancellationToken cancellation,
        string after = ""
    )
    {
        var alone = people.Select(p => p.Person).OfType<PersonNamed>().Where(p => string.CompareOrdinal(p.UserPrincipalName, after) > 0);
        var marks = people.Where(p => p.Person is null).Select(p => p.Mark).ToArray();
        if (marks.Length == 0)
        {
            return [.. alone.OrderBy(p => p.UserPrincipalName, StringComparer.Ordinal).Take(most)];
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        var marked = await MarkedAsync(db, tenant, GatesOf(lists), GroupsOf(lists), cancellation);
        var ids = marked.Where(p => marks.Contains(p.Mark)).Select(p => p.Id);
        var found = await Counted(db, tenant)
            .Where(u => ids.Contains(u.Id) && u.UserPrincipalName.CompareTo(after) > 0)
            .OrderBy(u => u.UserPrincipalName)
            .Take(most)
            .ToListAsync(cancellation);
        return
        [
            .. found
                .Select(p => new PersonNamed(p.Id, p.DisplayName ?? p.UserPrincipalName, p.UserPrincipalName))
                .Concat(alone)
                .OrderBy(p => p.UserPrincipalName, StringComparer.Ordinal)
                .Take(most),
        ];
    }

    private static bool Has(long mark, int bit) => (mark & (1L << bit)) != 0;

    private static long[] GroupsOf(IReadOnlyList<PolicyList> lists) => [.. lists.SelectMany(list => list.Groups).Distinct().Order()];

    /// <summary>What no policy of them takes is no matter to any.</summary>
    private IGate[] GatesOf(IReadOnlyList<PolicyList> lists)
    {
        var taken = lists.SelectMany(list => list.Terms).SelectMany(terms => terms.Methods).ToHashSet();
        return [.. gates.Where(gate => taken.Contains(gate.Method))];
    }

    /// <summary>
    /// Each set is walked once, a row for a bit, and the rows of one person are summed: asked for each person whether the set has them, SQLite takes
    /// four times as long.
    /// </summary>
    private static async Task<IQueryable<Marked>> MarkedAsync(
        PortalDb db,
        TenantId tenant,
        IGate[] gates,
        long[] groups,
        CancellationToken cancellation
    )
    {
        var rows = Counted(db, tenant)
            .Select(u => new Marked { Id = u.Id, Mark = IsCounted + (u.ResetEnabled ? IsEnabled : 0) + (u.Licensed ? IsLicensed : 0) });
        var bit = FirstGate;
        foreach (var gate in gates)
        {
            rows = With(rows, await gate.HoldersAsync(db, tenant, cancellation), bit++);
        }

        foreach (var group in groups)
        {
            rows = With(rows, await Memberships.QueryAsync(db, tenant, [group], cancellation), bit++);
        }

        return rows.GroupBy(row => row.Id)
            .Select(of => new Marked { Id = of.Key, Mark = of.Sum(row => row.Mark) })
            .Where(person => (person.Mark & IsCounted) != 0);
    }

    private static IQueryable<Marked> With(IQueryable<Marked> rows, IQueryable<string> ids, int bit)
    {
        var mark = 1L << bit;
        return rows.Concat(ids.Distinct().Select(id => new Marked { Id = id, Mark = mark }));
    }

    private static IQueryable<User> Counted(PortalDb db, TenantId tenant) =>
        db.Set<User>().AsNoTracking().Where(user => user.Tenant == tenant && user.GoneAt == null && user.Role == Role.User);

    private sealed class Marked
    {
        public string Id { get; init; } = "";
        public long Mark { get; init; }
    }
}
