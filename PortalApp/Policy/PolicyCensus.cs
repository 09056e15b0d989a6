using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.Policy;

/// <summary>People who are alike in all that policies ask for.</summary>
/// <param name="Mark">What they have in common, as the database computes it.</param>
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
    private const int Enabled = 0;
    private const int Licensed = 1;
    private const int FirstGate = 2;
    private readonly IGate[] gates = [.. gates.OrderBy(gate => gate.Method)];

    /// <param name="lists">Whose groups are told apart.</param>
    public async Task<IReadOnlyList<AlikePeople>> CountAsync(
        TenantId tenant,
        IReadOnlyList<PolicyList> lists,
        CancellationToken cancellation
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var groups = GroupsOf(lists);
        var marked = await MarkedAsync(db, tenant, groups, cancellation);
        var counted = await marked.GroupBy(p => p.Mark).Select(p => new { p.Key, Count = p.Count() }).ToListAsync(cancellation);
        return
        [
            .. counted.Select(c => new AlikePeople(
                c.Key,
                Has(c.Key, Enabled),
                Has(c.Key, Licensed),
                new([.. gates.Where((_, i) => Has(c.Key, FirstGate + i)).Select(gate => new GateHolding(gate.Method, null, []))]),
                groups.Where((_, i) => Has(c.Key, FirstGate + gates.Length + i)).ToHashSet(),
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
        var marked = await MarkedAsync(db, tenant, GroupsOf(lists), cancellation);
        var found = await marked
            .Where(p => marks.Contains(p.Mark) && p.UserPrincipalName.CompareTo(after) > 0)
            .OrderBy(p => p.UserPrincipalName)
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

    private async Task<IQueryable<MarkedUser>> MarkedAsync(PortalDb db, TenantId tenant, long[] groups, CancellationToken cancellation)
    {
        List<IQueryable<string>> sets = [];
        foreach (var gate in gates)
        {
            sets.Add(await gate.HoldersAsync(db, tenant, cancellation));
        }

        foreach (var group in groups)
        {
            sets.Add(await Memberships.QueryAsync(db, tenant, [group], cancellation));
        }

        List<Expression<Func<User, bool>>> bits = [user => user.ResetEnabled, user => user.Licensed];
        bits.AddRange(sets.Select(set => (Expression<Func<User, bool>>)(user => set.Contains(user.Id))));
        Expression<Func<User, MarkedUser>> marked = user => new MarkedUser
        {
            Id = user.Id,
            DisplayName = user.DisplayName,
            UserPrincipalName = user.UserPrincipalName,
            Mark = 0,
        };
        return db.Set<User>()
            .AsNoTracking()
            .Where(user => user.Tenant == tenant && user.GoneAt == null && user.Role == Role.User)
            .Select((Expression<Func<User, MarkedUser>>)new MarkWriter(SumOf(bits, marked.Parameters[0])).Visit(marked));
    }

    /// <summary>A bit for each that is true.</summary>
    private static Expression SumOf(List<Expression<Func<User, bool>>> bits, ParameterExpression user) =>
        bits.Select(
                Expression (bit, i) =>
                    Expression.Condition(
                        new Replaced(bit.Parameters[0], user).Visit(bit.Body),
                        Expression.Constant(1L << i),
                        Expression.Constant(0L)
                    )
            )
            .Aggregate(Expression.Add);

    private sealed class Replaced(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }

    /// <summary>Puts the sum in the place of the mark.</summary>
    private sealed class MarkWriter(Expression sum) : ExpressionVisitor
    {
        protected override MemberAssignment VisitMemberAssignment(MemberAssignment node) =>
            node.Member.Name == nameof(MarkedUser.Mark) ? node.Update(sum) : node;
    }

    private sealed class MarkedUser
    {
        public string Id { get; init; } = "";
        public string? DisplayName { get; init; }
        public string UserPrincipalName { get; init; } = "";
        public long Mark { get; init; }
    }
}
