using PortalApp.Authenticators;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Gates;
using PortalApp.Users;

namespace PortalApp.Tests.PasswordReset;

/// <summary>Who works at the desk passes two gates whatever the policy asks, and not both by what they sign in with.</summary>
public sealed class RoleGateTests
{
    private const string Anna = "anna@corp.test";

    [Fact]
    public async Task A_role_passes_two_gates_and_one_of_them_is_not_the_second_factor_of_the_sign_in()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@role.example");
        await portal.SetRoleAsync(anna, Role.Helpdesk);
        var (secret, codes) = (await portal.SetUpAppAsync(anna), await portal.MakeRecoveryCodesAsync(anna));
        await portal.SetUpAppAsync(anna, AuthenticatorUse.SignIn);
        await portal.MakeRecoveryCodesAsync(anna, AuthenticatorUse.SignIn);
        using var passkey = await portal.AddPasskeyAsync(anna);
        using var person = portal.NewPerson();
        await person.BeginAsync(Anna);
        Assert.Contains("Step 2 of 5", (await person.GetAsync(ResetPaths.Method)).Text, StringComparison.Ordinal);
        await person.ChooseAsync(GateMethod.AuthenticatorApp);
        await person.AnswerAsync(GateMethod.AuthenticatorApp, portal.AppCode(secret));

        var second = (await person.GetAsync(ResetPaths.Method)).Text;
        Assert.DoesNotContain("Use a recovery code", second, StringComparison.Ordinal);
        Assert.Contains("Use a passkey", second, StringComparison.Ordinal);
        Assert.Contains("E-mail me", second, StringComparison.Ordinal);
        Assert.Equal($"{ResetPaths.Method}?moved=1", (await person.ChooseAsync(GateMethod.RecoveryCode)).Location);
        await person.ChooseAsync(GateMethod.Passkey);
        Assert.Equal(ResetPaths.Password, (await person.UsePasskeyAsync(passkey)).Location);
        Assert.Equal(ResetPaths.Password, (await person.GetAsync(ResetPaths.Verify)).Location);

        await person.BeginAsync(Anna);
        await person.ChooseAsync(GateMethod.Passkey);
        await person.UsePasskeyAsync(passkey);
        await person.ChooseAsync(GateMethod.RecoveryCode);
        Assert.Equal(ResetPaths.Password, (await person.AnswerAsync(GateMethod.RecoveryCode, codes[0])).Location);
        Assert.Equal(ResetPaths.Password, (await person.GetAsync(ResetPaths.Verify)).Location);
    }

    [Fact]
    public async Task A_role_with_nothing_but_its_second_factors_is_sent_to_the_helpdesk()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", null);
        await portal.SetUpAppAsync(anna);
        await portal.MakeRecoveryCodesAsync(anna);
        await portal.SetUpAppAsync(anna, AuthenticatorUse.SignIn);
        await portal.MakeRecoveryCodesAsync(anna, AuthenticatorUse.SignIn);
        using var person = portal.NewPerson();
        Assert.Equal(ResetPaths.Method, (await person.BeginAsync(Anna)).Location);

        await portal.SetRoleAsync(anna, Role.ReportsReader);

        Assert.Contains("cannot be reset here", (await person.BeginAsync(Anna)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 1, true)]
    [InlineData(true, 1, false)]
    [InlineData(true, 2, true)]
    [Trait("Case", "H46")]
    public void Questions_are_no_gate_for_a_role(bool hasRole, int others, bool suffices)
    {
        GateMethod[] methods = [GateMethod.SecurityQuestions, GateMethod.AlternateEmail, GateMethod.Passkey];
        var profile = new GateProfile([.. methods.Take(others + 1).Select(m => new GateHolding(m, null, [1]))], hasRole);

        var among = profile.Among(methods.ToHashSet());

        Assert.Equal(suffices, among.Suffices(asked: 2));
        Assert.Equal(!hasRole, among.Methods.Contains(GateMethod.SecurityQuestions));
    }
}
