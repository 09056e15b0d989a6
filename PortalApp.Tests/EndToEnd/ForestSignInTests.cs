using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PortalApp.SignIn;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.PasswordReset;
using PortalApp.Throttle;

namespace PortalApp.Tests.EndToEnd;

/// <summary>Signing in with the directory's own password: a real forest, a real agent.</summary>
[Collection(WorldCollection.Name)]
public sealed class ForestSignInTests(World world) : IAsyncLifetime
{
    private const string Wrong = "Not-The-Password-1";
    private const string Failure = "The user ID or the password is not right";

    /// <summary>One network for all of them: what others used up counts for none.</summary>
    public async ValueTask InitializeAsync()
    {
        await using var db = await world.Portal.OpenDatabaseAsync();
        await db.Set<ThrottleCount>().ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        await world.WaitUntilHealthyAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task In_a_browser_a_wrong_password_is_refused_as_an_unknown_name_is_and_the_right_one_signs_in()
    {
        var person = world.TakePerson();
        await using var tab = await world.OpenAsync();
        var page = tab.Page;

        await SignInAsync(page, $"nobody.{person.Sam}@{ForestPopulation.Suffix}", person.Password);
        var unknown = await AlertAsync(page);
        await SignInAsync(page, person.Upn, Wrong);
        Assert.Equal(unknown, await AlertAsync(page));
        Assert.Contains(Failure, unknown, StringComparison.Ordinal);
        Assert.StartsWith("Error:", await page.TitleAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, await page.ContentAsync(), StringComparison.Ordinal);
        await tab.LookAsync("sign-in-refused");

        await SignInAsync(page, person.Upn, person.Password);

        await Assertions.Expect(page.GetByText("You are signed in as")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await tab.AssertCleanAsync();
    }

    [Fact]
    [Trait("Case", "H1")]
    public async Task Locked_disabled_protected_and_unknown_fail_alike_with_the_right_password_too()
    {
        var locked = world.TakePerson();
        world.Forest.Admin.LockOut(locked.Dn);
        try
        {
            var unknown = await TypeAsync($"nobody@{ForestPopulation.Suffix}", Wrong);
            Assert.Contains(Failure, unknown, StringComparison.Ordinal);
            foreach (var person in new[] { locked, ForestPopulation.Disabled, ForestPopulation.Protected })
            {
                Assert.Equal(unknown, await TypeAsync(person.Upn, person.Password));
            }
        }
        finally
        {
            world.Forest.Admin.Unlock(locked.Dn);
        }
    }

    [Fact]
    public async Task Who_must_change_the_password_learns_it_by_the_right_one_alone()
    {
        var person = world.TakePerson();
        world.Forest.Admin.SetAttribute(person.Dn, "pwdLastSet", "0");

        Assert.Contains(Failure, await TypeAsync(person.Upn, Wrong), StringComparison.Ordinal);
        Assert.Contains(
            "your organisation wants you to choose another one",
            await TypeAsync(person.Upn, person.Password),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Whose_password_has_expired_hears_so_at_sign_in_changes_it_there_and_the_new_one_binds()
    {
        var person = world.TakePerson();
        var policy = world.Forest.Admin.AddPasswordPolicy(person, ("msDS-MaximumPasswordAge", $"-{TimeSpan.FromDays(2).Ticks}"));
        await world.Forest.AgePasswordAsync(person.Dn, TimeSpan.FromDays(3), TestContext.Current.CancellationToken);
        try
        {
            await using var tab = await world.OpenAsync();
            await SignInAsync(tab.Page, person.Upn, person.Password);
            await Assertions.Expect(tab.Page.GetByText("it has expired")).ToBeVisibleAsync(new() { Timeout = 30_000 });
            Assert.EndsWith(SignInPaths.DuePassword, tab.Page.Url, StringComparison.Ordinal);

            await tab.Page.GetByLabel("Current password", new() { Exact = true }).FillAsync(person.Password);
            await tab.Page.GetByLabel("New password", new() { Exact = true }).FillAsync("Lantern-Harbour-78");
            await tab.Page.GetByLabel("Confirm new password", new() { Exact = true }).FillAsync("Lantern-Harbour-78");
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();

            await Assertions.Expect(tab.Page.GetByText("Your password has been changed")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        }
        finally
        {
            world.Forest.Admin.Delete(policy);
        }

        Assert.True(world.Forest.Admin.Bind(person.Upn, "Lantern-Harbour-78").Accepted);
    }

    [Fact]
    [Trait("Case", "H14")]
    public async Task However_often_a_stranger_tries_the_directorys_account_stays_open()
    {
        var person = world.TakePerson();
        for (var guess = 0; guess < 8; guess++)
        {
            await TypeAsync(person.Upn, $"{Wrong}{guess}");
        }

        var counted = int.Parse(world.Forest.Admin.Read(person.Dn, "badPwdCount")!, CultureInfo.InvariantCulture);
        Assert.Equal(Limits.Standard.DirectoryPasswords.OfStrangers.Most, counted);
        Assert.True(world.Forest.Admin.Bind(person.Upn, person.Password).Accepted);
    }

    [Fact]
    [Trait("Case", "H6")]
    public async Task Without_the_agent_every_name_reads_that_the_directory_cannot_be_reached()
    {
        var person = world.TakePerson();
        await world.Agent.Process!.KillAsync();
        await world.WaitUntilDownAsync();
        string[] read;
        try
        {
            read = [await TypeAsync(person.Upn, person.Password), await TypeAsync($"nobody@{ForestPopulation.Suffix}", Wrong)];
        }
        finally
        {
            await world.StartAgentAsync();
        }

        Assert.Contains("directory cannot be reached", read[0], StringComparison.Ordinal);
        Assert.Equal(read[0], read[1]);
    }

    internal static async Task SignInAsync(IPage page, string name, string password)
    {
        await page.GotoAsync(SignInPaths.Begin);
        await page.GetByLabel("User ID").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    private static async Task<string> AlertAsync(IPage page)
    {
        var alert = page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToBeVisibleAsync(new() { Timeout = 30_000 });
        return await alert.InnerTextAsync();
    }

    /// <summary>What the page says, in a browser that nobody knows; without the name.</summary>
    private async Task<string> TypeAsync(string name, string password)
    {
        using var person = new Person(world.Portal.Certificates.CreateClient(world.Portal.Origin, keepsCookies: false));
        await person.GetAsync(SignInPaths.Begin);
        await person.PostAsync(SignInPaths.Begin, "sign-in", ("username", name), ("return", ""));
        await person.GetAsync(SignInPaths.Password);
        var posted = await person.PostAsync(SignInPaths.Password, "password", ("password", password));
        var page = posted.Location is { } next ? await person.GetAsync(next) : posted;
        return page.Comparable.Replace(name, "*", StringComparison.Ordinal);
    }
}
