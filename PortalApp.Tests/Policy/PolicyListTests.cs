using PortalApp.Gates;
using PortalApp.Policy;

namespace PortalApp.Tests.Policy;

public sealed class PolicyListTests
{
    private const long Staff = 1;
    private const long Board = 2;
    private static readonly PolicyTerms One = PolicyTerms.First;
    private static readonly PolicyTerms Two = One with { Gates = 2 };
    private static readonly PolicyTerms Off = One with { ForWhom = new PolicyAudience.Nobody() };

    [Fact]
    public void The_first_policy_whose_group_holds_a_person_applies_and_the_default_to_everybody_who_is_left()
    {
        var list = new PolicyList([new("Board", [Board], Two), new("Staff", [Staff], Off)], One);

        Assert.Equal("Board", list.EntryFor(new HashSet<long> { Staff, Board })?.Name);
        Assert.Equal("Staff", list.EntryFor(new HashSet<long> { Staff })?.Name);
        Assert.Null(list.EntryFor(new HashSet<long> { 9 }));
        Assert.Equal((true, 2), (list.For(new HashSet<long> { Staff, Board }).Enabled, list.For(new HashSet<long> { Staff, Board }).Gates));
        Assert.False(list.For(new HashSet<long> { Staff }).Enabled);
        Assert.True(list.For(new HashSet<long>()).Enabled);
    }

    [Fact]
    public void A_default_for_chosen_groups_lets_in_whoever_is_in_one_of_them()
    {
        var list = new PolicyList([], One with { ForWhom = new PolicyAudience.Groups([Staff]) });

        Assert.True(list.For(new HashSet<long> { Staff, 9 }).Enabled);
        Assert.False(list.For(new HashSet<long> { Board }).Enabled);
    }

    [Fact]
    [Trait("Case", "H33")]
    public void Of_two_versions_each_rule_of_either_holds()
    {
        var one = new AppliedTerms(true, 2, [GateMethod.AlternateEmail, GateMethod.OfficePhoneCall]);
        var other = new AppliedTerms(false, 1, [GateMethod.AlternateEmail, GateMethod.SecurityQuestions]);

        foreach (var both in new[] { AppliedTerms.StricterOf(one, other), AppliedTerms.StricterOf(other, one) })
        {
            Assert.Equal((false, 2), (both.Enabled, both.Gates));
            Assert.Equal([GateMethod.AlternateEmail], both.Methods);
        }
    }

    [Fact]
    public void A_list_is_weaker_where_a_policy_asks_for_less_than_the_one_of_its_name_or_what_else_held()
    {
        var held = new PolicyList([new("Board", [Board], Two)], Off);

        Assert.True((held with { Entries = [new("Board", [Board], One)] }).IsWeakerThan(held));
        Assert.True((held with { Entries = [.. held.Entries, new("Staff", [Staff], One)] }).IsWeakerThan(held));
        Assert.True((held with { Default = One }).IsWeakerThan(held));
        Assert.False((held with { Entries = [.. held.Entries, new("Staff", [Staff], Off with { Gates = 2 })] }).IsWeakerThan(held));
        Assert.False(held.IsWeakerThan(held));
        var helped = held with { Default = Off with { Help = [HelpRule.TemporaryPassword] } };
        Assert.True(helped.IsWeakerThan(held));
        var called = held with { Default = Off with { Help = [HelpRule.CallerFirst] } };
        Assert.True(held.IsWeakerThan(called));
        Assert.False(called.IsWeakerThan(held));
    }
}
