using Microsoft.Playwright;
using Portal.Writeback;
using PortalApp.Tests.EndToEnd;
using PortalApp.Tests.Fixtures.Browsers;

namespace PortalApp.Tests.PasswordReset;

/// <summary>The pages of a person whom the portal reaches by phone, in Chromium.</summary>
public sealed class PhonePageTests(BrowserFixture browser)
{
    private const string Mobile = "+31 612345678";

    [Fact]
    public async Task A_person_takes_a_text_and_types_its_code()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@laptop.example", mobile: Mobile, office: "+31 201234567x12");
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        var anna = new Wizard(tab);

        await anna.IdentifyAsync("anna@corp.test");
        await LookAsync(tab, "phone-methods", "How can we reach you?");
        await anna.PressAsync("Text my mobile phone, •••78");
        await LookAsync(tab, "phone-text", "We sent you a text");
        await anna.TypeCodeAsync("1234");
        await LookAsync(tab, "phone-text-wrong", "We sent you a text");
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mobile));
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        await anna.ExpectPasswordPageAsync();
    }

    [Fact]
    public async Task A_person_is_called_and_called_again_and_types_what_was_said_last()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", null, office: "+31 201234567x12");
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        var anna = new Wizard(tab);

        await anna.IdentifyAsync("anna@corp.test");
        await LookAsync(tab, "phone-call", "We are calling you");
        var first = await portal.CodeToAsync("+31 201234567");
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await tab.Page.ReloadAsync();
        await anna.PressAsync("Call me again");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Another call goes to •••67");
        await LookAsync(tab, "phone-call-again", "We are calling you");
        await anna.TypeCodeAsync(first);
        await Assertions.Expect(anna.Alert).ToContainTextAsync("That code is not right");
        await anna.TypeCodeAsync(await portal.CodeToAsync("+31 201234567"));
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        await anna.ExpectPasswordPageAsync();
    }

    private static async Task LookAsync(BrowserTab tab, string name, string heading)
    {
        await new Wizard(tab).ExpectHeadingAsync(heading);
        await tab.LookAsync(name);
    }
}
