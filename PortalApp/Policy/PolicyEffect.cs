using Portal.Tenants;

namespace PortalApp.Policy;

/// <summary>What a list of policies changes for people, beside the one that holds.</summary>
/// <param name="All">People of the tenant.</param>
/// <param name="Ready">Who can reset a password under it.</param>
/// <param name="ReadyBefore">Who can now.</param>
/// <param name="Lost">Who can now, and could not.</param>
/// <param name="Gained">Who cannot now, and could.</param>
/// <param name="Otherwise">Who sees something else, and can or cannot as before.</param>
/// <param name="Weaker">Of how many less would be asked.</param>
/// <param name="IsForNobody">As <see cref="PolicyList.IsForNobody"/>.</param>
internal sealed record PolicyEffect(
    int All,
    int Ready,
    int ReadyBefore,
    PeopleChanged Lost,
    PeopleChanged Gained,
    PeopleChanged Otherwise,
    int Weaker,
    bool IsForNobody
)
{
    public int Changed => Lost.Count + Gained.Count + Otherwise.Count;

    /// <summary>Somebody can reset a password now, and nobody could, though the list does not say so itself.</summary>
    public bool LocksOutEverybody => Ready == 0 && ReadyBefore > 0 && !IsForNobody;
}

/// <param name="Alike">Of what kinds they are: who they are is asked apart, of few at a time.</param>
internal sealed record PeopleChanged(int Count, IReadOnlyList<AlikePeople> Alike);

internal sealed class PolicyEffects(PolicyCensus census)
{
    /// <summary>Named of each kind.</summary>
    public const int Named = 10;

    public async Task<PolicyEffect> OfAsync(TenantId tenant, PolicyList held, PolicyList draft, CancellationToken cancellation)
    {
        PolicyList[] both = [held, draft];
        var people = (await census.CountAsync(tenant, both, cancellation))
            .Select(alike => (Alike: alike, Now: alike.Under(held), Then: alike.Under(draft)))
            .ToList();
        var kinds = people.ToLookup(p => KindOf(p.Now, p.Then), p => p.Alike);
        return new(
            people.Sum(p => p.Alike.Count),
            people.Where(p => p.Then.Verdict is ResetEligibility.Proceed).Sum(p => p.Alike.Count),
            people.Where(p => p.Now.Verdict is ResetEligibility.Proceed).Sum(p => p.Alike.Count),
            Of(Kind.Lost),
            Of(Kind.Gained),
            Of(Kind.Otherwise),
            people.Where(p => p.Then.Terms.IsWeakerThan(p.Now.Terms)).Sum(p => p.Alike.Count),
            draft.IsForNobody
        );

        PeopleChanged Of(Kind kind) => new(kinds[kind].Sum(alike => alike.Count), [.. kinds[kind]]);
    }

    /// <summary>The first of them by user ID, of what <see cref="OfAsync"/> counted under the same two lists.</summary>
    public Task<IReadOnlyList<PersonNamed>> FirstAsync(
        TenantId tenant,
        PolicyList held,
        PolicyList draft,
        PeopleChanged people,
        CancellationToken cancellation
    ) => census.NamesAsync(tenant, [held, draft], people.Alike, Named, cancellation);

    private static Kind KindOf(JudgedPeople now, JudgedPeople then) =>
        (now.Verdict, then.Verdict) switch
        {
            (ResetEligibility.Proceed, ResetEligibility.Proceed) => (now.Terms.Gates, now.Terms.Unlock)
                == (then.Terms.Gates, then.Terms.Unlock)
            && now.Usable.SequenceEqual(then.Usable)
                ? Kind.Same
                : Kind.Otherwise,
            (ResetEligibility.Proceed, _) => Kind.Lost,
            (_, ResetEligibility.Proceed) => Kind.Gained,
            var (one, other) => one == other ? Kind.Same : Kind.Otherwise,
        };

    private enum Kind
    {
        Same,
        Lost,
        Gained,
        Otherwise,
    }
}
