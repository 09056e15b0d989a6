using Portal.Writeback;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
using PortalApp.Policy;
using PortalApp.Tests.Gates;

namespace PortalApp.Tests.PasswordReset;

/// <summary>A policy that is published while a flow is under way.</summary>
public class FlowPolicyTests
{
    private const string Anna = "anna@corp.test";
    private const string Mail = "anna@flow.example";
    private readonly WordGate words = new(99, "Say the words that we agreed on");

    [Fact]
    [Trait("Case", "H33")]
    public async Task A_policy_that_asks_for_more_gates_meanwhile_holds_for_a_flow_under_way()
    {
        await using var portal = await StartAsync();
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, Anna, Mail);

        await portal.PublishAsync(terms => terms with { Gates = 2 });

        Assert.Equal(ResetPaths.Result, (await anna.FinishAsync()).Location);
        Assert.Contains("This reset has ended", (await anna.GetAsync(ResetPaths.Result)).Html, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WritesAsync());
    }

    [Fact]
    [Trait("Case", "H33")]
    public async Task A_policy_that_asks_for_fewer_gates_meanwhile_spares_a_flow_under_way_none()
    {
        await using var portal = await StartAsync(words);
        await portal.RequireGatesAsync(2);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.ChooseAsync(GateMethod.AlternateEmail);
        await portal.RequireGatesAsync(1);

        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        Assert.Equal(ResetPaths.Verify, (await anna.GetAsync(ResetPaths.Password)).Location);
        await anna.GetAsync(ResetPaths.Verify);
        await anna.SayWordsAsync(words.Method, "open", "sesame");
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        Assert.Contains("Choose a new password", (await anna.GetAsync(ResetPaths.Password)).Html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H33")]
    public async Task A_method_that_the_policy_loses_meanwhile_voids_the_gate_that_was_passed_with_it()
    {
        await using var portal = await StartAsync(words);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.ChooseAsync(GateMethod.AlternateEmail);
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        await anna.GetAsync(ResetPaths.Password);

        await portal.PublishAsync(terms => terms with { Methods = [words.Method] });

        Assert.Equal(ResetPaths.Verify, (await anna.FinishAsync()).Location);
        Assert.Equal(0, await portal.WritesAsync());
        Assert.Equal(ResetPaths.Password, (await anna.SayWordsAsync(words.Method, "open", "sesame")).Location);
    }

    [Fact]
    [Trait("Case", "H33")]
    public async Task A_policy_for_a_group_holds_for_whoever_is_in_it_in_the_next_flow_and_in_one_under_way_and_for_nobody_else()
    {
        await using var portal = await StartAsync(words);
        await portal.AddUserAsync("ben", "ben@flow.example");
        var staff = await portal.AddGroupAsync("Staff", await portal.UserIdAsync(Anna));
        var around = await portal.AddGroupAsync("Around");
        await portal.NestAsync(around, staff);
        using var begun = portal.NewPerson();
        await begun.BeginAsync(Anna);
        await begun.ChooseAsync(GateMethod.AlternateEmail);

        var two = (await portal.PolicyAsync()).Terms with { Gates = 2 };
        await portal.PublishAsync(new PolicyEntry("Staff", [around], two));

        await begun.TypeCodeAsync(await portal.CodeToAsync(Mail));
        Assert.Equal(ResetPaths.Verify, (await begun.GetAsync(ResetPaths.Password)).Location);
        using var ben = portal.NewPerson();
        await ben.BeginAsync("ben@corp.test");
        Assert.Equal(ResetPaths.Password, (await ben.TypeCodeAsync(await portal.CodeToAsync("ben@flow.example"))).Location);
        await portal.PublishAsync(new PolicyEntry("Staff", [around], two with { ForWhom = new PolicyAudience.Nobody() }));
        using var anna = portal.NewPerson();
        Assert.Contains("SSPR_0013", (await anna.BeginAsync(Anna)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_is_not_in_the_policy_is_not_offered()
    {
        await using var portal = await StartAsync(words);
        await portal.PublishAsync(terms => terms with { Methods = [GateMethod.AlternateEmail] });
        using var anna = portal.NewPerson();

        Assert.Equal(ResetPaths.Verify, (await anna.BeginAsync(Anna)).Location);
        Assert.DoesNotContain("Choose another way", (await anna.GetAsync(ResetPaths.Verify)).Html, StringComparison.Ordinal);
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

        await portal.PublishAsync(terms => terms with { ForWhom = new PolicyAudience.Nobody() });

        Assert.Equal(ResetPaths.Result, (await person.GetAsync(ResetPaths.Verify)).Location);
        Assert.Contains("SSPR_0013", (await person.BeginAsync(name)).Html, StringComparison.Ordinal);
    }

    private static async Task<ResetPortal> StartAsync(params WordGate[] gates)
    {
        var portal = await ResetPortal.StartAsync(null, gates);
        var anna = await portal.AddUserAsync("anna", Mail);
        Array.ForEach(gates, gate => gate.Agreed[anna.Id] = ("open", "sesame"));
        return portal;
    }
}
