using Microsoft.Playwright;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Throttle;

namespace PortalApp.Tests.EndToEnd;

/// <summary>Every refusal is read where it belongs, and changes nothing.</summary>
[Collection(WorldCollection.Name)]
public sealed class RefusalTests(World world)
{
    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H103")]
    public async Task A_member_of_a_group_nested_in_a_protected_one_reads_so_after_the_gates_and_keeps_the_password()
    {
        var person = ForestPopulation.Protected;
        var writes = world.Forest.Admin.WriteCount(person.Dn);
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);

        await world.PassGateAsync(wizard, person);

        await wizard.ExpectHeadingAsync("cannot be reset here");
        await Assertions.Expect(wizard.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("protected", new() { IgnoreCase = true });
        await Assertions.Expect(wizard.Page.GetByLabel("Confirm new password")).ToHaveCountAsync(0);
        Assert.Equal(writes, world.Forest.Admin.WriteCount(person.Dn));
        Assert.True(world.Forest.Admin.Bind(person.Upn, person.Password).Accepted);
    }

    [Fact]
    [Trait("Case", "H1")]
    public async Task A_disabled_account_reads_so_after_the_gates()
    {
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);

        await world.PassGateAsync(wizard, ForestPopulation.Disabled);

        await Assertions.Expect(wizard.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("disabled", new() { Timeout = 30_000 });
    }

    [Fact]
    [Trait("Case", "H3")]
    public async Task A_person_without_contact_data_is_sent_to_the_helpdesk_before_any_gate()
    {
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);

        await wizard.IdentifyAsync(ForestPopulation.NoContact.Upn);

        await wizard.ExpectHeadingAsync("cannot be reset here");
        await Assertions.Expect(wizard.Page.GetByText("SSPR_0014")).ToBeVisibleAsync();
        await Assertions.Expect(wizard.Page.GetByText(World.HelpdeskPhone).First).ToBeVisibleAsync();
    }

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H7")]
    public async Task A_name_that_nobody_has_walks_as_a_real_one_does_and_never_gets_in()
    {
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await wizard.IdentifyAsync(await world.UnknownNameWithGateAsync());

        await wizard.ExpectCodePageAsync();
        await Assertions.Expect(wizard.Page.GetByText("•••@")).ToBeVisibleAsync();
        await wizard.TypeCodeAsync("00000000");

        await Assertions.Expect(wizard.Alert).ToContainTextAsync("not right");
    }

    [Fact]
    [Trait("Case", "H8")]
    public async Task A_domain_of_nobody_reads_as_a_closed_tenant()
    {
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);

        await wizard.IdentifyAsync("anna@nowhere.test");

        await wizard.ExpectHeadingAsync("cannot be reset here");
    }

    [Fact]
    public async Task A_wrong_code_says_so_and_the_right_one_still_works()
    {
        var person = world.TakePerson();
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        var code = await world.AskForCodeAsync(wizard, person);

        await wizard.TypeCodeAsync(code == "12345678" ? "87654321" : "12345678");
        await Assertions.Expect(wizard.Alert).ToContainTextAsync("not right");
        await wizard.TypeCodeAsync(code);

        await wizard.ExpectPasswordPageAsync();
    }

    [Fact]
    [Trait("Case", "H38")]
    public async Task After_a_new_code_was_sent_the_older_one_is_refused()
    {
        var person = world.TakePerson();
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        var older = await world.AskForCodeAsync(wizard, person);
        using (world.MoveClock(Limits.Standard.CodeWait))
        {
            await wizard.Page.ReloadAsync();
            await wizard.PressAsync("Send a new code");
        }

        var newer = await world.Mail.WaitForCodeAsync(person.AlternateMail, after: older);

        await wizard.TypeCodeAsync(older);
        await Assertions.Expect(wizard.Alert).ToContainTextAsync("not right");
        await wizard.TypeCodeAsync(newer);

        await wizard.ExpectPasswordPageAsync();
    }

    [Fact]
    [Trait("Case", "H39")]
    public async Task A_code_is_dead_a_second_after_its_ten_minutes()
    {
        var person = world.TakePerson();
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        var code = await world.AskForCodeAsync(wizard, person);

        using (world.MoveClock(TimeSpan.FromSeconds(601)))
        {
            await wizard.TypeCodeAsync(code);
            await Assertions.Expect(wizard.Alert).ToBeVisibleAsync(new() { Timeout = 30_000 });
        }

        await Assertions.Expect(wizard.Page.GetByLabel("Confirm new password")).ToHaveCountAsync(0);
    }

    [Fact]
    [Trait("Case", "H31")]
    public async Task An_account_that_is_disabled_after_the_check_is_refused_by_the_agent()
    {
        var person = world.TakePerson();
        var writes = world.Forest.Admin.WriteCount(person.Dn);
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await world.ProveAsync(wizard, person);
        world.Forest.Admin.SetAttribute(person.Dn, "userAccountControl", "514");

        await wizard.TypePasswordAsync("Too-Late-For-It-5");

        await Assertions.Expect(wizard.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("disabled", new() { Timeout = 30_000 });
        Assert.Equal(writes, world.Forest.Admin.WriteCount(person.Dn));
    }
}
