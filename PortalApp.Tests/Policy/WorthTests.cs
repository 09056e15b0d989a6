using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Administration.Policies;
using PortalApp.Gates;
using PortalApp.Policy;
using PortalApp.Tests.Gates;

namespace PortalApp.Tests.Policy;

/// <summary>What the policy page says a combination of gates is worth.</summary>
public sealed class WorthTests
{
    [Fact]
    public async Task Each_combination_of_two_is_of_different_methods_and_is_worth_what_its_kinds_are()
    {
        await using var portal = await GatePortal.StartAsync();
        var gates = portal.Services.GetServices<IGate>().ToList();
        var terms = PolicyTerms.First with { Gates = 2, Methods = [.. Enum.GetValues<GateMethod>()] };

        var worths = Worths
            .Of(terms, gates)
            .SelectMany(row => row.Combinations.Select(c => (Pair: string.Join('+', c), row.Worth)))
            .ToImmutableDictionary(c => c.Pair, c => c.Worth);

        Assert.Equal((8 * 7 / 2) - 1, worths.Count);
        Assert.DoesNotContain("MobilePhoneText+MobilePhoneCall", worths.Keys);
        Assert.Equal(Worth.Fair, worths["AlternateEmail+MobilePhoneText"]);
        Assert.Equal(Worth.Fair, worths["MobilePhoneCall+OfficePhoneCall"]);
        Assert.Equal(Worth.Weak, worths["MobilePhoneText+SecurityQuestions"]);
        Assert.Equal(Worth.Good, worths["MobilePhoneText+AuthenticatorApp"]);
        Assert.Equal(Worth.Strong, worths["AlternateEmail+Passkey"]);
    }

    [Fact]
    public async Task A_text_and_a_call_to_the_mobile_phone_make_no_two_gates()
    {
        await using var portal = await GatePortal.StartAsync();
        var terms = PolicyTerms.First with { Gates = 2, Methods = [GateMethod.MobilePhoneText, GateMethod.MobilePhoneCall] };

        Assert.Empty(Worths.Of(terms, portal.Services.GetServices<IGate>()));
    }
}
