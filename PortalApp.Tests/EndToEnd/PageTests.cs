using Microsoft.Playwright;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.EndToEnd;

/// <summary>Every page of the person's side over everything real: no policy violation, no axe violation. Widths and schemes are PageLookTests'.</summary>
[Collection(WorldCollection.Name)]
public sealed class PageTests(World world)
{
    [Fact]
    public async Task Every_page_of_a_reset_is_accessible_and_keeps_the_policy()
    {
        var person = world.TakePerson();
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await wizard.Page.GotoAsync("/sign-in");
        await LookAsync(tab, "sign-in");
        await wizard.Page.GotoAsync($"/reset?username={person.Upn}");
        Assert.Equal(person.Upn, await wizard.Page.GetByLabel("User ID").InputValueAsync());
        await LookAsync(tab, "reset-1-user");

        var code = await world.AskForCodeAsync(wizard, person);
        await LookAsync(tab, "reset-2-code");
        await wizard.TypeCodeAsync(code == "12345678" ? "87654321" : "12345678");
        await Assertions.Expect(wizard.Alert).ToBeVisibleAsync();
        await LookAsync(tab, "reset-2-code-wrong");

        await wizard.TypeCodeAsync(code);
        await wizard.ExpectPasswordPageAsync();
        await LookAsync(tab, "reset-3-password");
        await wizard.TypePasswordAsync("short");
        await Assertions.Expect(wizard.Alert).ToBeVisibleAsync();
        await LookAsync(tab, "reset-3-password-refused");

        await wizard.TypePasswordAsync("Looked-At-Twice-8");
        await wizard.ExpectDoneAsync();
        await LookAsync(tab, "reset-4-done");
    }

    [Fact]
    public async Task From_the_sign_in_page_a_person_comes_to_a_reset_that_works()
    {
        var person = world.TakePerson();
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await wizard.Page.GotoAsync("/sign-in");

        await wizard.Page.GetByRole(AriaRole.Link, new() { Name = "Can't access your account?" }).ClickAsync();
        await wizard.Page.GetByLabel("User ID").FillAsync(person.Upn);
        await wizard.PressAsync("Next");

        await wizard.ExpectCodePageAsync();
    }

    [Fact]
    public async Task Every_refusal_is_accessible_and_keeps_the_policy()
    {
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await wizard.IdentifyAsync(ForestPopulation.NoContact.Upn);
        await wizard.ExpectHeadingAsync("cannot be reset here");
        await LookAsync(tab, "refused-no-contact");

        await wizard.IdentifyAsync("anna@nowhere.test");
        await wizard.ExpectHeadingAsync("cannot be reset here");
        await LookAsync(tab, "refused-unknown-domain");

        await world.PassGateAsync(wizard, ForestPopulation.Protected);
        await wizard.ExpectHeadingAsync("cannot be reset here");
        await LookAsync(tab, "refused-protected");

        await wizard.Page.GotoAsync("/nothing-here");
        await LookAsync(tab, "not-found", consoleMayComplain: true);
    }

    [Fact]
    public async Task The_password_can_be_shown_and_hidden_and_the_rules_tick_themselves()
    {
        var person = world.TakePerson();
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await world.ProveAsync(wizard, person);
        var field = wizard.Page.GetByLabel("New password", new() { Exact = true });

        await field.FillAsync("Twelve-Signs-1");
        await Assertions.Expect(wizard.Page.Locator("li.met", new() { HasText = "At least 12 characters" })).ToBeVisibleAsync();
        await wizard.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).First.ClickAsync();
        await Assertions.Expect(field).ToHaveAttributeAsync("type", "text");
        await wizard.Page.GetByRole(AriaRole.Button, new() { Name = "Hide" }).First.ClickAsync();
        await Assertions.Expect(field).ToHaveAttributeAsync("type", "password");
    }

    private static async Task LookAsync(BrowserTab tab, string name, bool consoleMayComplain = false)
    {
        await tab.PictureAsync(name);
        await tab.AssertCleanAsync();
        if (!consoleMayComplain)
        {
            Assert.DoesNotContain(tab.Console, line => line.StartsWith("error", StringComparison.Ordinal));
        }
    }
}
