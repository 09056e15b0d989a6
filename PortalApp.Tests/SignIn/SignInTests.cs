using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.Data;
using PortalApp.SignIn;
using PortalApp.SignIn.Attempts;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.PasswordReset;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.Tests.SignIn;

/// <summary>Signing in with a password of the portal's own, as somebody and as nobody.</summary>
public sealed class SignInTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_leads_once_through_password_and_authenticator_into_a_session()
    {
        await using var portal = await ResetPortal.StartAsync();
        var (_, link) = await DeskPerson.InviteAsync(portal, "eva", Role.Administrator);
        using var mailScanner = portal.NewPerson();
        await mailScanner.GetAsync(link);
        await mailScanner.GetAsync(link);
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.Administrator);

        Assert.True(await anna.IsInAsync());
        Assert.Equal(RecoveryCodeLists.Codes, anna.RecoveryCodes.Count);
        Assert.Contains("Set up how you sign in", (await mailScanner.GetAsync(link)).Text, StringComparison.Ordinal);
        Assert.Equal(SignInPaths.NewPassword, (await mailScanner.PostAsync(link, "welcome")).Location);
        Assert.Contains("does not work any more", (await mailScanner.GetAsync(link)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_is_over_after_an_hour_and_when_a_newer_one_is_made()
    {
        await using var portal = await ResetPortal.StartAsync();
        var (_, link) = await DeskPerson.InviteAsync(portal, "eva", Role.Administrator);
        using var eva = portal.NewPerson();
        portal.Clock.Skip(TimeSpan.FromHours(1));

        Assert.Contains("does not work any more", (await eva.GetAsync(link)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_is_signed_in_by_password_and_a_code_that_works_once()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.Helpdesk);
        var code = anna.Code;
        anna.TakeAnotherBrowser();

        Assert.Equal(SignInPaths.Verify, (await anna.TypePasswordAsync(wanted: "/desk/users?q=a")).Location);
        Assert.False(await anna.IsInAsync());
        Assert.Equal("/desk/users?q=a", (await anna.TypeCodeAsync(code)).Location);
        Assert.True(await anna.IsInAsync());

        anna.TakeAnotherBrowser();
        await anna.TypePasswordAsync();
        Assert.Contains("Each code works once", (await anna.TypeCodeAsync(code)).Text, StringComparison.Ordinal);
        Assert.Equal(SignInPaths.Desk, (await anna.TypeCodeAsync($" {anna.RecoveryCodes[3].ToUpperInvariant()} ")).Location);
        anna.TakeAnotherBrowser();
        await anna.TypePasswordAsync();
        Assert.Contains("not right", (await anna.TypeCodeAsync(anna.RecoveryCodes[3])).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H1")]
    public async Task A_wrong_password_reads_alike_whether_or_not_there_is_an_account()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.User);
        anna.TakeAnotherBrowser();

        var real = await anna.TypePasswordAsync("not the password of anna");
        var nobody = await anna.TypePasswordAsync("not the password of anna", "anne@cloud.test");
        var nowhere = await anna.TypePasswordAsync("not the password of anna", "anne@nowhere.test");

        Assert.Contains("The user ID or the password is not right", real.Text, StringComparison.Ordinal);
        Assert.Equal(Without(real, "anna@cloud.test"), Without(nobody, "anne@cloud.test"));
        Assert.Equal(Without(real, "anna@cloud.test"), Without(nowhere, "anne@nowhere.test"));
        Assert.Equal(SignInPaths.Account, (await anna.TypePasswordAsync()).Location);
    }

    [Fact]
    public async Task A_role_without_a_second_factor_is_not_signed_in_by_the_password_alone()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.User);
        Assert.True(await anna.IsInAsync());
        await GiveAsync(portal, "anna", Role.Administrator);
        anna.TakeAnotherBrowser();

        Assert.Equal(SignInPaths.Verify, (await anna.TypePasswordAsync()).Location);
        Assert.Contains("A second proof is missing", (await anna.Browser.GetAsync(SignInPaths.Verify)).Text, StringComparison.Ordinal);
        Assert.False(await anna.IsInAsync());
    }

    [Fact]
    [Trait("Case", "H95")]
    public async Task A_session_ends_when_it_is_left_idle_too_old_or_ended_everywhere()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.User);
        using var elsewhere = await DeskPerson.SetUpAsync(portal, "ben", Role.User);
        for (var minutes = 0; minutes < 8 * 60 - 30; minutes += 25)
        {
            Assert.True(await anna.IsInAsync());
            portal.Clock.Skip(TimeSpan.FromMinutes(25));
        }

        Assert.False(await elsewhere.IsInAsync());
        portal.Clock.Skip(TimeSpan.FromMinutes(29));
        Assert.False(await anna.IsInAsync());

        await anna.TypePasswordAsync();
        Assert.True(await anna.IsInAsync());
        var held = anna.Browser;
        anna.TakeAnotherBrowser();
        await anna.TypePasswordAsync();
        Assert.True(await anna.IsInAsync());
        await anna.Browser.PostAsync(SignInPaths.Account, "sign-out-everywhere");
        Assert.False(await anna.IsInAsync());
        Assert.Equal(HttpStatusCode.Redirect, (await held.GetAsync(SignInPaths.Account)).Status);
        held.Dispose();
    }

    [Fact]
    [Trait("Case", "H11")]
    public async Task Of_a_hundred_parallel_guesses_no_more_are_compared_than_may_be()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.User);
        var step = portal.Services.GetRequiredService<SignInStep>();
        anna.TakeAnotherBrowser();
        await anna.TypePasswordAsync("wrong wrong wrong");
        var row = await portal.WithDbAsync(db => db.Set<Attempt>().AsNoTracking().SingleAsync());
        var user = await portal.WithDbAsync(db => db.Set<User>().AsNoTracking().SingleAsync(u => u.Id == row.UserId));

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(_ =>
                    Task.Run(
                        () => step.PasswordAsync(new(row, portal.Tenant, user, null, new(false, false)), "guess", null, Cancellation),
                        Cancellation
                    )
                )
        );

        Assert.InRange(answers.OfType<SignInAnswer.Wrong>().Count(), 1, Limits.Standard.FailuresFromPlace.Most - 1);
        Assert.Equal(40, answers.Count(a => a is SignInAnswer.Wrong or SignInAnswer.Limited or SignInAnswer.CaptchaWrong));
    }

    [Fact]
    [Trait("Case", "H14")]
    public async Task Strangers_who_guess_lock_nobody_out_of_a_browser_in_which_they_signed_in()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.User);
        await anna.Browser.PostAsync(SignInPaths.Account, "sign-out");
        var own = anna.Browser;
        anna.TakeAnotherBrowser();
        await portal.WithDbAsync(db =>
            db.Set<PortalApp.Throttle.Familiar.FamiliarPlace>().OrderByDescending(p => p.Id).Take(1).ExecuteDeleteAsync()
        );
        for (var guess = 0; guess < 25; guess++)
        {
            await anna.TypePasswordAsync("guess");
        }

        Assert.Contains("Too many wrong answers", (await anna.TypePasswordAsync()).Text, StringComparison.Ordinal);
        anna.TakeBrowser(own);
        Assert.Equal(SignInPaths.Account, (await anna.TypePasswordAsync()).Location);
    }

    [Fact]
    public async Task After_ten_wrong_passwords_from_a_network_each_goes_with_a_captcha()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.User);
        anna.TakeAnotherBrowser();
        for (var guess = 0; guess < Limits.Standard.SignInFailuresOfNetwork.Most; guess++)
        {
            await anna.TypePasswordAsync("guess", $"somebody{guess}@cloud.test");
        }

        await anna.TypePasswordAsync("guess");
        Assert.Contains(
            "was not finished",
            (await anna.TypePasswordAgainAsync(DeskPerson.Password, solve: false)).Text,
            StringComparison.Ordinal
        );
        Assert.Equal(SignInPaths.Account, (await anna.TypePasswordAgainAsync(DeskPerson.Password)).Location);
    }

    [Theory]
    [Trait("Case", "H50")]
    [InlineData("//evil.example/x")]
    [InlineData("https://evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task A_sign_in_leads_to_no_other_site(string wanted)
    {
        await using var portal = await ResetPortal.StartAsync();
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.User);
        anna.TakeAnotherBrowser();

        Assert.Equal(SignInPaths.Account, (await anna.TypePasswordAsync(wanted: wanted)).Location);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_sent_to_the_sign_in_and_back()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var somebody = portal.NewPerson();

        Assert.Equal($"{SignInPaths.Begin}?return=%2Faccount", (await somebody.GetAsync(SignInPaths.Account)).Location);
        Assert.Equal(SignInPaths.Begin, (await somebody.GetAsync(SignInPaths.Password)).Location);
        Assert.Equal(SignInPaths.Begin, (await somebody.GetAsync(SignInPaths.Authenticator)).Location);
    }

    [Fact]
    [Trait("Case", "H106")]
    public async Task The_last_administrator_stays_and_keeps_the_role()
    {
        await using var portal = await ResetPortal.StartAsync();
        var (anna, _) = await DeskPerson.InviteAsync(portal, "anna", Role.Administrator);
        Assert.IsType<ChangeOutcome<User>.Wrong>(await GiveAsync(portal, "anna", Role.Helpdesk));
        var removed = await ChangeAsync(portal, (users, db) => users.RemoveAsync(db, portal.Tenant.Id, anna.Id, TenantSetup.By, default));
        Assert.IsType<ChangeOutcome<User>.Wrong>(removed);
        await DeskPerson.InviteAsync(portal, "ben", Role.Administrator);

        Assert.IsType<ChangeOutcome<User>.Done>(await GiveAsync(portal, "anna", Role.Helpdesk));
    }

    private static string Without(Answer answer, string name) => answer.Comparable.Replace(name, "*", StringComparison.Ordinal);

    private static Task<ChangeOutcome<User>> GiveAsync(ResetPortal portal, string name, Role role) =>
        ChangeAsync(
            portal,
            async (users, db) =>
            {
                var user = await db.Set<User>().SingleAsync(u => u.UserPrincipalName == $"{name}@cloud.test");
                return await users.SetRoleAsync(db, portal.Tenant.Id, user.Id, role, TenantSetup.By, default);
            }
        );

    private static Task<ChangeOutcome<User>> ChangeAsync(ResetPortal portal, Func<UserStore, PortalDb, Task<ChangeOutcome<User>>> change) =>
        portal
            .Services.GetRequiredService<IDbContextFactory<PortalDb>>()
            .ChangeAsync(db => change(portal.Services.GetRequiredService<UserStore>(), db), Cancellation);
}
