using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Authenticators;
using PortalApp.Authenticators.Apps;
using PortalApp.Authenticators.Passkeys;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.SignIn;
using PortalApp.SignIn.SecondFactor;
using PortalApp.SignIn.Sessions;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Gates;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;

namespace PortalApp.Tests.SignIn;

/// <summary>A passkey as the second factor of the sign-in: set up by the one-time link alone, used once for each question.</summary>
public sealed partial class PasskeySignInTests
{
    [Fact]
    public async Task A_link_leads_through_password_and_passkey_into_a_session_with_recovery_codes()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var eva = portal.NewPerson();
        var (_, codes, passkey) = await SetUpAsync(portal, eva, "eva");
        using var held = passkey;

        Assert.Equal(RecoveryCodeLists.Codes, codes.Count);
        Assert.Contains("You are signed in as", (await eva.GetAsync(SignInPaths.Account)).Text, StringComparison.Ordinal);
        using var later = await PasswordAsync(portal, "eva");
        Assert.Contains("One of your recovery codes", (await later.GetAsync(SignInPaths.Verify)).Text, StringComparison.Ordinal);
        var signed = passkey.Answer(await later.AskedOfPasskeyAsync(SignInPaths.Verify));
        Assert.Equal(SignInPaths.Desk, (await UseAsync(later, signed)).Location);

        using var again = await PasswordAsync(portal, "eva");
        await again.GetAsync(SignInPaths.Verify);
        Assert.Contains("not taken", (await UseAsync(again, signed)).Text, StringComparison.Ordinal);
        Assert.Equal(SignInPaths.Desk, (await again.PostAsync(SignInPaths.Verify, "verify", ("code", codes[0]))).Location);
    }

    [Fact]
    public async Task Nothing_but_the_persons_own_passkey_for_the_sign_in_is_taken()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var eva = portal.NewPerson();
        using var ben = portal.NewPerson();
        var (user, _, passkey) = await SetUpAsync(portal, eva, "eva");
        var (_, _, bens) = await SetUpAsync(portal, ben, "ben");
        using var held = passkey;
        using var others = bens;
        using var ofResets = await portal.AddPasskeyAsync(user);
        using var unverified = await portal.AddPasskeyAsync(
            user,
            new SoftPasskey(passkey.UserHandle) { VerifiesUser = false },
            AuthenticatorUse.SignIn
        );
        using var later = await PasswordAsync(portal, "eva");

        foreach (var wrong in new[] { others, ofResets, unverified })
        {
            var answer = await UseAsync(later, wrong.Answer(await later.AskedOfPasskeyAsync(SignInPaths.Verify)));
            Assert.Contains("not taken", answer.Text, StringComparison.Ordinal);
        }

        Assert.Contains("not taken", (await UseAsync(later, "nonsense")).Text, StringComparison.Ordinal);
        var right = passkey.Answer(await later.AskedOfPasskeyAsync(SignInPaths.Verify));
        Assert.Equal(SignInPaths.Desk, (await UseAsync(later, right)).Location);
    }

    [Fact]
    public async Task A_device_that_does_not_verify_its_person_becomes_no_second_factor()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var eva = portal.NewPerson();
        await FollowLinkAsync(portal, eva, "eva");
        var asked = await eva.AskedOfPasskeyAsync(SignInPaths.Authenticator);
        using var unverified = new SoftPasskey(SoftPasskey.For(asked).UserHandle) { VerifiesUser = false };

        var answer = await eva.PostAsync(SignInPaths.Authenticator, "passkey", ("credential", unverified.Make(asked)));

        Assert.Contains("No passkey was set up", answer.Text, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Passkey>().CountAsync()));
    }

    [Fact]
    public async Task A_second_factor_takes_the_place_of_the_one_before_whichever_it_was()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var eva = portal.NewPerson();
        var (user, _, passkey) = await SetUpAsync(portal, eva, "eva");
        passkey.Dispose();
        var factors = portal.Services.GetRequiredService<SecondFactors>();
        var secret = Totp.NewSecret();

        await portal.WithDbAsync(db => factors.SetUpAppAsync(db, user, secret, portal.AppCode(secret), default));

        Assert.Equal(new(App: true, Passkey: false), await factors.FindAsync(user.Id, default));
    }

    [Fact]
    public async Task A_passkey_proves_again_who_sits_at_the_desk_once_for_each_question()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var eva = portal.NewPerson();
        var (user, _, passkey) = await SetUpAsync(portal, eva, "eva");
        using var held = passkey;
        var session = await portal.WithDbAsync(db => db.Set<Session>().SingleAsync());
        var proof = portal.Services.GetRequiredService<ProofAgain>();
        portal.Clock.Skip(ProofAgain.Holds);
        var me = new SignedIn(session.Id, portal.Tenant, user, Role.Helpdesk, session.ProvedAt);
        Assert.True(proof.IsNeededBy(me));

        var signed = passkey.Answer((await proof.AskAsync(me, default))!);

        Assert.IsType<ProofAnswer.Proved>(await proof.ProveByPasskeyAsync(me, signed, default));
        Assert.Equal(portal.Clock.GetUtcNow(), (await portal.WithDbAsync(db => db.Set<Session>().SingleAsync())).ProvedAt);
        Assert.IsType<ProofAnswer.Wrong>(await proof.ProveByPasskeyAsync(me, signed, default));
    }

    /// <summary>Invited, and everything set up, with a passkey as the second factor; signed in.</summary>
    private static async Task<(User User, IReadOnlyList<string> Codes, SoftPasskey Passkey)> SetUpAsync(
        ResetPortal portal,
        Person browser,
        string name
    )
    {
        var user = await FollowLinkAsync(portal, browser, name);
        var asked = await browser.AskedOfPasskeyAsync(SignInPaths.Authenticator);
        var passkey = SoftPasskey.For(asked);
        var page = await browser.PostAsync(SignInPaths.Authenticator, "passkey", ("credential", passkey.Make(asked)));
        return (user, [.. CodeOnPage().Matches(page.Text).Select(m => m.Groups["code"].Value)], passkey);
    }

    /// <summary>To the page that asks for a second factor.</summary>
    private static async Task<User> FollowLinkAsync(ResetPortal portal, Person browser, string name)
    {
        var (user, link) = await DeskPerson.InviteAsync(portal, name, Role.Helpdesk);
        await browser.GetAsync(link);
        await browser.PostAsync(link, "welcome");
        await browser.GetAsync(SignInPaths.NewPassword);
        var password = DeskPerson.Password;
        await browser.PostAsync(SignInPaths.NewPassword, "new-password", ("password", password), ("confirm", password));
        return user;
    }

    /// <summary>A browser that was never seen, on the page that asks for the second factor.</summary>
    private static async Task<Person> PasswordAsync(ResetPortal portal, string name)
    {
        var browser = portal.NewPerson();
        await browser.GetAsync(SignInPaths.Begin);
        await browser.PostAsync(SignInPaths.Begin, "sign-in", ("username", $"{name}@cloud.test"), ("return", ""));
        await browser.GetAsync(SignInPaths.Password);
        var typed = await browser.PostAsync(SignInPaths.Password, "password", ("password", DeskPerson.Password));
        Assert.Equal(SignInPaths.Verify, typed.Location);
        return browser;
    }

    private static Task<Answer> UseAsync(Person browser, string credential) =>
        browser.PostAsync(SignInPaths.Verify, "verify-passkey", ("credential", credential));

    [GeneratedRegex("<li>(?<code>[0-9a-z-]{19})</li>", RegexOptions.ExplicitCapture)]
    private static partial Regex CodeOnPage();
}
