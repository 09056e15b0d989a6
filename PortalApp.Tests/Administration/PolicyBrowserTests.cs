using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PortalApp.Policy;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.Administration;

/// <summary>Groups and the policies for them, in a browser.</summary>
public sealed class PolicyBrowserTests(BrowserFixture browser)
{
    [Fact]
    [Trait("Case", "H99")]
    public async Task A_group_is_made_filled_and_removed_and_a_directorys_cannot_be_changed()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, "/desk/users/groups");
        const string name = "<script>alert(1)</script> Board";

        await tab.Page.GetByLabel("Name of the group").FillAsync(name);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add a group" }).ClickAsync();
        await tab.LookAsync("desk-groups");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(name);
        await tab.Page.GetByLabel("User ID").FillAsync("nobody@corp.test");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Put the person in" }).ClickAsync();
        await Expect(tab.Page.GetByText("nobody@corp.test")).ToBeVisibleAsync();
        await tab.Page.GetByLabel("User ID").FillAsync(anna.UserPrincipalName);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Put the person in" }).ClickAsync();
        await Expect(tab.Page.GetByText("People in it: 1").First).ToBeVisibleAsync();
        await tab.LookAsync("desk-group");

        await tab.Page.GotoAsync($"/desk/users/{anna.Id}");
        await Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = name })).ToBeVisibleAsync();
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "anna@corp.test" })).ToBeVisibleAsync();
    }

    [Fact]
    [Trait("Case", "H33")]
    public async Task A_policy_for_a_group_is_put_before_the_default_moved_read_back_and_felt()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        await portal.AddUserAsync("ben", "ben@gmail.example");
        var board = await portal.AddGroupAsync("Board", anna.Id);
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, "/desk/policies");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add a policy" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Textbox, new() { Name = "Policy", Exact = true }).FillAsync("For the board");
        await tab.Page.GetByLabel("Board This portal").CheckAsync();
        await tab.Page.GetByLabel("Nobody").CheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add a policy" }).ClickAsync();
        await tab.Page.GetByLabel("Board This portal").CheckAsync();
        await tab.Page.GetByLabel("Two different ones").CheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Move Policy 2 up" }).FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Page.GetByText("Policy 2 is now in place 1.")).ToBeAttachedAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Move Policy 2 down" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Changes 1 of" })).ToBeVisibleAsync();
        await tab.LookAsync("desk-policies-for-groups");
        await tab.Page.GetByLabel("User ID").FillAsync(anna.UserPrincipalName);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await Expect(tab.Page.GetByText("The policy For the board applies.")).ToBeVisibleAsync();

        using var underWay = portal.NewPerson();
        await underWay.BeginAsync(anna.UserPrincipalName);
        var code = await portal.CodeToAsync("anna@gmail.example");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Published. It holds");
        await underWay.TypeCodeAsync(code);
        Assert.NotEqual(HttpStatusCode.OK, (await underWay.GetAsync("/reset/password")).Status);
        var held = (await portal.PolicyAsync()).List;
        Assert.Equal(["For the board", "Policy 2"], held.Entries.Select(e => e.Name));
        Assert.Equal([board], held.Entries[0].Groups);
        using var person = portal.NewPerson();
        Assert.Contains("SSPR_0013", (await person.BeginAsync(anna.UserPrincipalName)).Text, StringComparison.Ordinal);

        await tab.Page.GetByLabel("Policies as JSON").FillAsync("""{"version":2}""");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Read the JSON" }).ClickAsync();
        await Expect(tab.Page.GetByText("It is of version 2, which this portal does not know.")).ToBeVisibleAsync();
        await tab
            .Page.GetByLabel("Policies as JSON")
            .FillAsync(
                """{"version":1,"policies":[],"default":{"forWhom":"Groups","forGroups":["Board"],"gates":1,"methods":["AlternateEmail"]}}"""
            );
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Read the JSON" }).ClickAsync();
        await Expect(tab.Page.GetByText("nothing holds until it is published").First).ToBeVisibleAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Changes 3 of" })).ToBeVisibleAsync();
        Assert.Equal(held, (await portal.PolicyAsync()).List);
    }

    [Fact]
    [Trait("Case", "H46")]
    public async Task Policies_that_lock_everybody_out_or_speak_of_a_group_that_is_gone_say_so()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        var board = await portal.AddGroupAsync("Board", anna.Id);
        await portal.PublishAsync(new PolicyEntry("For the board", [board], PolicyTerms.First));
        await portal.Services.ChangeAsync(db =>
            portal
                .Services.GetRequiredService<PortalApp.Users.Groups.GroupStore>()
                .RemoveAsync(db, portal.Tenant.Id, board, TenantSetup.By, default)
        );
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, "/desk/policies");

        await Expect(tab.Page.GetByText("A group that is gone holds nobody: Board.")).ToBeVisibleAsync();
        await tab.Page.GetByLabel("Two different ones").CheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nobody could reset a password any more");
        Assert.Equal(1, (await portal.PolicyAsync()).Terms.Gates);

        await tab.Page.GotoAsync("/desk/policies");
        var alone = tab.Page.GetByLabel("Answers to security questions may be the only proof");
        await alone.UncheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "could be the only proof" })).ToBeVisibleAsync();
        await tab.LookAsync("desk-policies-questions-alone");
        Assert.True((await portal.PolicyAsync()).Terms.QuestionsAlone);
    }

    private async Task<BrowserTab> OpenAsync(ResetPortal portal, DeskPerson admin, string path)
    {
        var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.SignInAsync(admin, portal.Address);
        await tab.Page.GotoAsync(path);
        return tab;
    }
}
