using PortalApp.Gates;

namespace PortalApp.Tests.Gates;

/// <summary>The choice among methods, over everything that somebody can hold.</summary>
public sealed class GateProfileTests
{
    private static readonly GateMethod[] All = Enum.GetValues<GateMethod>();

    /// <summary>By which somebody with a role signs in.</summary>
    private static readonly GateMethod[] Factors = [GateMethod.AuthenticatorApp, GateMethod.Passkey];

    public static TheoryData<bool> Roles => [false, true];

    [Theory, MemberData(nameof(Roles))]
    public void What_suffices_can_be_passed_gate_by_gate_whatever_is_chosen_first_and_what_does_not_cannot(bool hasRole)
    {
        foreach (var profile in Profiles(hasRole))
        {
            foreach (var gates in new[] { 1, 2 })
            {
                var asked = profile.GatesOf(gates);
                var suffices = profile.Suffices(gates);

                Assert.Equal(suffices, CanPass(profile, [], asked, everyWay: true));
                Assert.Equal(suffices, CanPass(profile, [], asked, everyWay: false));
            }
        }
    }

    [Theory, MemberData(nameof(Roles))]
    public void Beside_what_was_passed_nothing_is_offered_that_counts_as_the_same(bool hasRole)
    {
        foreach (var profile in Profiles(hasRole))
        {
            foreach (var first in profile.Held)
            {
                var beside = profile.Beside(new HashSet<GateMethod> { first.Method }).ToList();

                Assert.DoesNotContain(beside, h => h.Method.Counted() == first.Method.Counted() || h.IsUsedUp);
                Assert.DoesNotContain(beside, h => hasRole && h.IsSecondFactor && first.IsSecondFactor);
            }
        }
    }

    [Fact]
    public void A_text_and_a_call_to_the_mobile_phone_are_one_method_and_every_other_is_its_own()
    {
        Assert.Equal(1, new[] { GateMethod.MobilePhoneText, GateMethod.MobilePhoneCall }.Different());
        Assert.Equal(All.Length - 1, All.Different());
    }

    [Fact]
    public async Task Of_a_method_that_the_policy_does_not_enable_nothing_is_looked_up()
    {
        var (enabled, other) = (new WordGate(90, "words"), new WordGate(91, "other words"));
        (enabled.Agreed["anna"], other.Agreed["anna"]) = (("open", "sesame"), ("open", "sesame"));

        var held = await new GateProfiles([enabled, other]).OfAsync(
            GatePerson.Of(GateSteps.Tenant, "anna", null),
            new HashSet<GateMethod> { enabled.Method },
            TestContext.Current.CancellationToken
        );

        Assert.Equal([enabled.Method], held.Methods);
        Assert.Equal((1, 0), (enabled.LookUps, other.LookUps));
    }

    /// <param name="everyWay">Whatever is chosen; else by one choice at least.</param>
    private static bool CanPass(GateProfile profile, HashSet<GateMethod> passed, int gates, bool everyWay)
    {
        if (passed.Count == gates)
        {
            return true;
        }

        var ways = profile.Beside(passed).Select(h => CanPass(profile, [.. passed, h.Method], gates, everyWay)).ToList();
        return ways.Count > 0 && (everyWay ? ways.TrueForAll(way => way) : ways.Contains(true));
    }

    /// <summary>Every set of methods; recovery codes also used up.</summary>
    private static IEnumerable<GateProfile> Profiles(bool hasRole) =>
        from set in Enumerable.Range(0, 1 << All.Length)
        from usedUp in new[] { false, true }
        select new GateProfile(
            [
                .. All.Where((_, at) => (set & (1 << at)) != 0)
                    .Select(method => new GateHolding(method, null, [])
                    {
                        IsUsedUp = usedUp && method == GateMethod.RecoveryCode,
                        IsSecondFactor = hasRole && Factors.Contains(method),
                    }),
            ],
            hasRole
        );
}
