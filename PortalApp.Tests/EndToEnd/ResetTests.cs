using Microsoft.Playwright;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.EndToEnd;

/// <summary>A person in Chromium, on the real forest.</summary>
[Collection(WorldCollection.Name)]
public sealed class ResetTests(World world)
{
    [Theory]
    [InlineData("Winterhaven-2041")]
    [InlineData("Зимняя-гавань-17")]
    [InlineData("冬天的港口很安静Aa1!")]
    [InlineData("Harbour🙂lantern9")]
    [InlineData(" spaces stay \"Quoted\" 7 ")]
    [Trait("Case", "H55")]
    [Trait("Case", "H56")]
    public async Task A_forgotten_password_is_reset_and_works_at_once_and_the_old_one_no_more(string password)
    {
        var person = world.TakePerson();
        var ofDirectory = world.Forest.Admin.Read(person.Dn, "mail")!;
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);

        await world.ProveAsync(wizard, person);
        await wizard.TypePasswordAsync(password);

        await wizard.ExpectDoneAsync();
        Assert.True(world.Forest.Admin.Bind(person.Upn, password).Accepted);
        Assert.False(world.Forest.Admin.Bind(person.Upn, person.Password).Accepted);
        Assert.Contains(
            "password",
            (await world.Mail.WaitForNoticeAsync(person.AlternateMail)).Subject,
            StringComparison.OrdinalIgnoreCase
        );
        Assert.Equal(await world.Mail.WaitForNoticeAsync(ofDirectory), Assert.Single(await world.Mail.ReadAsync(ofDirectory)));
    }

    [Fact]
    public async Task A_password_that_breaks_the_rules_is_refused_with_the_reason_and_the_second_try_works()
    {
        var person = world.TakePerson();
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await world.ProveAsync(wizard, person);
        await Assertions.Expect(wizard.Page.GetByText("At least 12 characters")).ToBeVisibleAsync();

        await wizard.TypePasswordAsync("Short-1");

        await Assertions.Expect(wizard.Alert).ToContainTextAsync("12 characters");
        Assert.StartsWith("Error:", await wizard.Page.TitleAsync(), StringComparison.Ordinal);
        await wizard.TypePasswordAsync("Second-Try-4711");
        await wizard.ExpectDoneAsync();
        Assert.True(world.Forest.Admin.Bind(person.Upn, "Second-Try-4711").Accepted);
    }

    [Fact]
    public async Task A_refusal_that_only_the_directory_can_give_comes_back_with_its_reason_and_the_proof_stays_good()
    {
        var person = world.TakePerson();
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await world.ProveAsync(wizard, person);

        // The policy was read before typing; the domain tightens it before the password arrives (H33).
        world.Forest.Admin.SetAttribute(Forest.BaseDn, "minPwdLength", "20");
        try
        {
            await wizard.TypePasswordAsync("Fifteen-Signs-1");
            await Assertions.Expect(wizard.Alert).ToContainTextAsync("short", new() { Timeout = 30_000, IgnoreCase = true });
            await Assertions.Expect(wizard.Page.GetByText("At least 20 characters")).ToBeVisibleAsync();
        }
        finally
        {
            world.Forest.Admin.SetAttribute(Forest.BaseDn, "minPwdLength", "12");
        }

        Assert.True(world.Forest.Admin.Bind(person.Upn, person.Password).Accepted);
        await wizard.TypePasswordAsync("More-Than-Twenty-Signs-1");
        await wizard.ExpectDoneAsync();
    }

    [Fact]
    public async Task A_fine_grained_policy_is_shown_before_typing()
    {
        var person = ForestPopulation.LongPassword;
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);

        await world.ProveAsync(wizard, person);

        await Assertions.Expect(wizard.Page.GetByText("At least 16 characters")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_locked_account_is_unlocked_by_the_same_reset()
    {
        var person = ForestPopulation.Locked;
        world.Forest.Admin.LockOut(person.Dn);
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);

        await world.ProveAsync(wizard, person);
        await wizard.TypePasswordAsync("Unlocked-By-It-9");

        await wizard.ExpectDoneAsync();
        Assert.True(world.Forest.Admin.Bind(person.Upn, "Unlocked-By-It-9").Accepted);
    }

    [Fact]
    [Trait("Case", "H22")]
    [Trait("Case", "H36")]
    public async Task Back_reload_and_a_second_tab_find_where_the_person_really_is()
    {
        var person = world.TakePerson();
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await world.ProveAsync(wizard, person);

        await wizard.Page.ReloadAsync();
        await wizard.ExpectPasswordPageAsync();
        await wizard.Page.GotoAsync("/reset/verify");
        await wizard.ExpectPasswordPageAsync();
        var second = await tab.OpenSecondAsync();
        await second.Page.GotoAsync("/reset/result");
        await new Wizard(second).ExpectPasswordPageAsync();

        await wizard.TypePasswordAsync("Once-And-Done-33");
        await wizard.ExpectDoneAsync();
        var writes = world.Forest.Admin.WriteCount(person.Dn);
        await wizard.Page.ReloadAsync();
        await wizard.ExpectDoneAsync();
        await new Wizard(second).TypePasswordAsync("Not-This-One-44");
        await new Wizard(second).ExpectDoneAsync();
        Assert.Equal(writes, world.Forest.Admin.WriteCount(person.Dn));
        Assert.True(world.Forest.Admin.Bind(person.Upn, "Once-And-Done-33").Accepted);
    }
}
