using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Authenticators;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Gates;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;
using PortalApp.Users;

namespace PortalApp.Tests.PasswordReset;

/// <summary>The gates that are passed with something a person owns: right, wrong, used twice, elsewhere, and after it was replaced.</summary>
public class OwnedGateTests
{
    private const string Anna = "anna@corp.test";

    [Fact]
    public async Task Each_thing_that_a_person_owns_leads_to_the_password()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", null);
        var (secret, codes) = (await portal.SetUpAppAsync(anna), await portal.MakeRecoveryCodesAsync(anna));
        using var passkey = await portal.AddPasskeyAsync(anna);
        using var person = portal.NewPerson();

        await ChooseAsync(person, GateMethod.AuthenticatorApp);
        Assert.Equal(ResetPaths.Password, (await person.AnswerAsync(GateMethod.AuthenticatorApp, portal.AppCode(secret))).Location);
        await ChooseAsync(person, GateMethod.RecoveryCode);
        var typed = codes[3].ToUpperInvariant().Replace('-', ' ');
        Assert.Equal(ResetPaths.Password, (await person.AnswerAsync(GateMethod.RecoveryCode, typed)).Location);
        await ChooseAsync(person, GateMethod.Passkey);
        Assert.Equal(ResetPaths.Password, (await person.UsePasskeyAsync(passkey)).Location);
    }

    [Fact]
    [Trait("Case", "H37")]
    public async Task What_was_used_is_not_taken_again_in_another_flow()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", null);
        var (secret, codes) = (await portal.SetUpAppAsync(anna), await portal.MakeRecoveryCodesAsync(anna));
        using var passkey = await portal.AddPasskeyAsync(anna);
        using var person = portal.NewPerson();
        await ChooseAsync(person, GateMethod.AuthenticatorApp);
        await person.AnswerAsync(GateMethod.AuthenticatorApp, portal.AppCode(secret));
        await ChooseAsync(person, GateMethod.RecoveryCode);
        await person.AnswerAsync(GateMethod.RecoveryCode, codes[0]);
        await ChooseAsync(person, GateMethod.Passkey);
        var signed = passkey.Answer(await person.AskedOfPasskeyAsync());
        await person.AnswerAsync(GateMethod.Passkey, signed);

        await ChooseAsync(person, GateMethod.AuthenticatorApp);
        Assert.Contains(
            "not right",
            (await person.AnswerAsync(GateMethod.AuthenticatorApp, portal.AppCode(secret))).Text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "not right",
            (await person.AnswerAsync(GateMethod.AuthenticatorApp, portal.AppCode(secret, -1))).Text,
            StringComparison.Ordinal
        );
        await person.ChooseAsync(GateMethod.RecoveryCode);
        Assert.Contains("not right", (await person.AnswerAsync(GateMethod.RecoveryCode, codes[0])).Text, StringComparison.Ordinal);
        await person.ChooseAsync(GateMethod.Passkey);
        Assert.Contains("not taken", (await person.AnswerAsync(GateMethod.Passkey, signed)).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H9")]
    public async Task A_wrong_answer_counts_once_however_often_it_is_sent_and_nonsense_counts_nothing()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", null);
        await portal.SetUpAppAsync(anna);
        await portal.MakeRecoveryCodesAsync(anna);
        using var passkey = await portal.AddPasskeyAsync(anna);
        using var person = portal.NewPerson();
        await ChooseAsync(person, GateMethod.AuthenticatorApp);

        foreach (var typed in new[] { "000000", " 000 000", "", "12345", "1234567", "12345\u0000", "٠٠٠٠٠٠", "000000" })
        {
            await person.AnswerAsync(GateMethod.AuthenticatorApp, typed);
        }

        Assert.Equal(1, await FailuresAsync(portal));
        await person.AnswerAsync(GateMethod.AuthenticatorApp, "000001");
        await person.ChooseAsync(GateMethod.RecoveryCode);
        foreach (var typed in new[] { "0000-0000-0000-0000", "0000 0000 0000 0000", "letters", "iiii-0000-0000-0000" })
        {
            await person.AnswerAsync(GateMethod.RecoveryCode, typed);
        }

        Assert.Equal(3, await FailuresAsync(portal));
        await person.ChooseAsync(GateMethod.Passkey);
        await person.AnswerAsync(GateMethod.Passkey, "{}");
        await person.AnswerAsync(GateMethod.Passkey, "{}");
        Assert.Contains("No passkey was used", (await person.AnswerAsync(GateMethod.Passkey, "")).Text, StringComparison.Ordinal);
        Assert.Equal(4, await FailuresAsync(portal));
    }

    [Fact]
    [Trait("Case", "H25")]
    public async Task A_passkey_answers_the_question_of_its_own_flow_and_person_alone()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", null);
        var mallory = await portal.AddUserAsync("mallory", null);
        using var passkey = await portal.AddPasskeyAsync(anna);
        using var others = await portal.AddPasskeyAsync(mallory);
        using var ofSignIn = await portal.AddPasskeyAsync(anna, AuthenticatorUse.SignIn);
        using var elsewhere = await portal.AddPasskeyAsync(anna, new SoftPasskey(passkey.UserHandle) { Origin = "https://localhost.evil" });
        using var unverified = await portal.AddPasskeyAsync(anna, new SoftPasskey(passkey.UserHandle) { VerifiesUser = false });
        using var first = portal.NewPerson();
        using var person = portal.NewPerson();
        await first.BeginAsync(Anna);
        var ofAnotherFlow = passkey.Answer(await first.AskedOfPasskeyAsync());
        await person.BeginAsync(Anna);
        var asked = await person.AskedOfPasskeyAsync();

        Assert.Contains("\"allowCredentials\":[]", asked, StringComparison.Ordinal);
        Assert.Contains("not taken", (await person.AnswerAsync(GateMethod.Passkey, ofAnotherFlow)).Text, StringComparison.Ordinal);
        // As many as one place may, before a success begins the count anew.
        foreach (var some in new[] { new[] { others, ofSignIn }, [elsewhere, unverified] })
        {
            foreach (var wrong in some)
            {
                Assert.Contains("not taken", (await person.UsePasskeyAsync(wrong)).Text, StringComparison.Ordinal);
            }

            Assert.Contains(
                "not taken",
                (await person.AnswerAsync(GateMethod.Passkey, passkey.Answer(asked))).Text,
                StringComparison.Ordinal
            );
            Assert.Equal(ResetPaths.Password, (await person.UsePasskeyAsync(passkey)).Location);
            await person.BeginAsync(Anna);
        }
    }

    [Fact]
    public async Task A_passkey_that_counted_less_far_is_a_copy_and_refused()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", null);
        using var passkey = await portal.AddPasskeyAsync(anna);
        using var person = portal.NewPerson();
        passkey.SignCount = 7;
        await person.BeginAsync(Anna);
        Assert.Equal(ResetPaths.Password, (await person.UsePasskeyAsync(passkey)).Location);

        await person.BeginAsync(Anna);
        Assert.Contains("not taken", (await person.UsePasskeyAsync(passkey)).Text, StringComparison.Ordinal);
        passkey.SignCount = 8;
        Assert.Equal(ResetPaths.Password, (await person.UsePasskeyAsync(passkey)).Location);
    }

    [Fact]
    public async Task What_is_asked_of_a_passkey_is_the_same_after_a_reload_in_a_second_tab_and_after_a_restart()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", null);
        using var passkey = await portal.AddPasskeyAsync(anna);
        using var person = portal.NewPerson();
        await person.BeginAsync(Anna);
        var asked = await person.AskedOfPasskeyAsync();
        using var tab = person.SecondTab();

        Assert.Equal(asked, await tab.AskedOfPasskeyAsync());
        var next = await portal.BesideAsync();
        using var later = next.NewPerson();
        later.TakeCookiesOf(person);
        Assert.Equal(asked, await later.AskedOfPasskeyAsync());
        Assert.Equal(ResetPaths.Password, (await later.UsePasskeyAsync(passkey)).Location);
        var late = await person.PostAsync(ResetPaths.Verify, ResetForms.Answer(GateMethod.Passkey), ("credential", "{}"));
        Assert.Equal($"{ResetPaths.Begin}?moved=1", late.Location);
        await next.StopAsync();
    }

    [Fact]
    [Trait("Case", "H30")]
    public async Task What_a_gate_was_passed_with_is_replaced_and_the_gate_is_void()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.RequireGatesAsync(2);
        var anna = await portal.AddUserAsync("anna", "anna@own.example");
        var (secret, codes) = (await portal.SetUpAppAsync(anna), await portal.MakeRecoveryCodesAsync(anna));
        using var passkey = await portal.AddPasskeyAsync(anna);
        using var person = portal.NewPerson();

        await ChooseAsync(person, GateMethod.AuthenticatorApp);
        await person.AnswerAsync(GateMethod.AuthenticatorApp, portal.AppCode(secret));
        Assert.DoesNotContain("Use my authenticator app", (await person.GetAsync(ResetPaths.Method)).Text, StringComparison.Ordinal);
        await portal.SetUpAppAsync(anna);
        Assert.Contains("Use my authenticator app", (await person.GetAsync(ResetPaths.Method)).Text, StringComparison.Ordinal);

        await person.ChooseAsync(GateMethod.RecoveryCode);
        await person.AnswerAsync(GateMethod.RecoveryCode, codes[0]);
        Assert.DoesNotContain("Use a recovery code", (await person.GetAsync(ResetPaths.Method)).Text, StringComparison.Ordinal);
        await portal.MakeRecoveryCodesAsync(anna);
        Assert.Contains("Use a recovery code", (await person.GetAsync(ResetPaths.Method)).Text, StringComparison.Ordinal);

        await person.ChooseAsync(GateMethod.Passkey);
        await person.UsePasskeyAsync(passkey);
        Assert.DoesNotContain("Use a passkey", (await person.GetAsync(ResetPaths.Method)).Text, StringComparison.Ordinal);
        await portal.WithDbAsync(db => db.Set<Authenticators.Passkeys.Passkey>().ExecuteDeleteAsync());
        using var another = await portal.AddPasskeyAsync(anna);
        Assert.Contains("Use a passkey", (await person.GetAsync(ResetPaths.Method)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_recovery_code_carries_its_flow_to_the_end_and_is_offered_no_more()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", null);
        var codes = await portal.MakeRecoveryCodesAsync(anna);
        await UseUpAsync(portal, anna, codes.Skip(1));
        using var person = portal.NewPerson();
        await person.BeginAsync(Anna);

        Assert.Equal(ResetPaths.Password, (await person.AnswerAsync(GateMethod.RecoveryCode, codes[0])).Location);
        Assert.Equal(ResetPaths.Password, (await person.GetAsync(ResetPaths.Verify)).Location);
        Assert.Contains("cannot be reset here", (await person.BeginAsync(Anna)).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H9")]
    public async Task From_one_place_no_more_is_compared_than_may_be_and_the_page_says_so()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", null);
        var secret = await portal.SetUpAppAsync(anna);
        using var person = portal.NewPerson();
        await person.BeginAsync(Anna);
        for (var guess = 0; guess < Limits.Standard.FailuresByMethod.Most; guess++)
        {
            await person.AnswerAsync(GateMethod.AuthenticatorApp, $"00{guess:D4}");
        }

        var answer = await person.AnswerAsync(GateMethod.AuthenticatorApp, portal.AppCode(secret));

        Assert.Contains("Too many wrong answers came from here", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"code\"", answer.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H11")]
    public async Task Of_many_at_once_with_one_recovery_code_one_passes()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", null);
        var codes = await portal.MakeRecoveryCodesAsync(anna);
        var lists = portal.Services.GetRequiredService<RecoveryCodeLists>();

        var taken = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => lists.UseAsync(anna.Id, AuthenticatorUse.Reset, codes[0], default))
        );

        Assert.Single(taken, one => one);
    }

    private static async Task ChooseAsync(Person person, GateMethod method)
    {
        await person.BeginAsync(Anna);
        await person.ChooseAsync(method);
    }

    private static async Task UseUpAsync(ResetPortal portal, User user, IEnumerable<string> codes)
    {
        var lists = portal.Services.GetRequiredService<RecoveryCodeLists>();
        foreach (var code in codes)
        {
            Assert.True(await lists.UseAsync(user.Id, AuthenticatorUse.Reset, code, default));
        }
    }

    private static Task<int> FailuresAsync(ResetPortal portal) =>
        portal.WithDbAsync(async db => (await db.Set<FailureCount>().SingleAsync()).Total);
}
