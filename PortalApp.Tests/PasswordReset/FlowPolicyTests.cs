using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
using PortalApp.Policy;

namespace PortalApp.Tests.PasswordReset;

/// <summary>A policy that is published while a flow is under way.</summary>
public class FlowPolicyTests
{
    private const string Anna = "anna@corp.test";
    private const string Mail = "anna@flow.example";

    [Fact]
    [Trait("Case", "H33")]
    public async Task A_policy_that_asks_for_more_gates_meanwhile_holds_for_a_flow_under_way()
    {
        await using var portal = await StartAsync();
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, Anna, Mail);

        await portal.PublishAsync(PolicyTerms.First with { Gates = 2 });

        Assert.Equal(ResetPaths.Result, (await anna.FinishAsync()).Location);
        Assert.Contains("This reset has ended", (await anna.GetAsync(ResetPaths.Result)).Html, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WritesAsync());
    }

    [Fact]
    [Trait("Case", "H33")]
    public async Task A_method_that_the_policy_loses_meanwhile_voids_the_gate_that_was_passed_with_it()
    {
        await using var portal = await StartAsync();
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, Anna, Mail);

        await portal.PublishAsync(PolicyTerms.First with { Methods = [GateMethod.OfficePhoneCall] });

        Assert.NotEqual(ResetPaths.Password, (await anna.FinishAsync()).Location);
        Assert.NotEqual(ResetPaths.Password, (await anna.GetAsync(ResetPaths.Result)).Location);
        Assert.Equal(0, await portal.WritesAsync());
    }

    [Theory]
    [Trait("Case", "H33")]
    [InlineData("anna@corp.test")]
    [InlineData("nobody@corp.test")]
    public async Task A_policy_that_is_for_nobody_any_more_ends_a_flow_under_way_with_and_without_an_account(string name)
    {
        await using var portal = await StartAsync();
        using var person = portal.NewPerson();
        await person.BeginAsync(name);

        await portal.PublishAsync(PolicyTerms.First with { ForWhom = new PolicyAudience.Nobody() });

        Assert.Equal(ResetPaths.Result, (await person.GetAsync(ResetPaths.Verify)).Location);
        Assert.Contains("SSPR_0013", (await person.BeginAsync(name)).Html, StringComparison.Ordinal);
    }

    private static async Task<ResetPortal> StartAsync()
    {
        var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        return portal;
    }
}
