using Microsoft.Playwright;
using PortalApp.Registration;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Registration;

/// <summary>The pages of somebody's own security info, as a screen and a phone show them, gone through by keyboard.</summary>
public sealed class RegistrationLookTests(BrowserFixture browser)
{
    private const string Old = "chris@gmail.example";
    private const string New = "甲斐@黒川.日本";

    [Fact]
    [Trait("Case", "H49")]
    public async Task An_address_is_changed_and_questions_are_answered_by_keyboard_alone()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var chris = await DeskPerson.SetUpAsync(portal, "chris", Role.User);
        await chris.SetMailAsync(Old);
        await portal.WaitAsync(hours: 24);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.SignInAsync(chris, portal.Address);
        var asked = new List<string>();
        tab.Page.Request += (_, request) => asked.Add(request.Url);

        await tab.Page.GotoAsync(RegistrationPaths.Begin);
        await ExpectAsync(tab, "Your security info");
        await tab.LookAsync("security-info");
        await PressLinkAsync(tab, "Change alternate e-mail");
        await ExpectAsync(tab, "First be sure that it is you");
        await tab.LookAsync("security-info-prove");
        await PressAsync(tab, "E-mail me at");
        await ExpectAsync(tab, "We sent you a code");
        await tab.LookAsync("security-info-prove-code");
        await TypeAsync(tab, "Verification code", await portal.CodeToAsync(Old));

        await ExpectAsync(tab, "Change alternate e-mail");
        await tab.LookAsync("security-info-address");
        await TypeAsync(tab, "E-mail address", "nobody");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("That is not an e-mail address");
        await tab.LookAsync("security-info-address-wrong");
        await TypeAsync(tab, "E-mail address", New);
        await ExpectAsync(tab, "We sent you a code");
        await tab.LookAsync("security-info-code");
        var code = await portal.CodeToAsync(New);
        await TypeAsync(tab, "Verification code", code);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your alternate e-mail is kept");
        await tab.LookAsync("security-info-waits");

        await PressLinkAsync(tab, "Add mobile phone");
        await ExpectAsync(tab, "Add mobile phone");
        await tab.LookAsync("security-info-phone");
        await TypeAsync(tab, "Phone number", "0691234567");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Is this number right?");
        await tab.LookAsync("security-info-phone-doubted");
        await TypeAsync(tab, "Phone number", "06 12345678");
        await ExpectAsync(tab, "We sent you a code");
        var texted = await portal.CodeToAsync("+31 612345678");
        await TypeAsync(tab, "Verification code", texted);
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your mobile phone is kept");
        await tab.LookAsync("security-info-phone-kept");

        await PressLinkAsync(tab, "Add security questions");
        await ExpectAsync(tab, "Choose your security questions");
        for (var at = 0; at < 5; at++)
        {
            await tab.Page.Locator($"#question-{at}").SelectOptionAsync(new SelectOptionValue { Index = at + 1 });
            await tab.Page.Locator($"#answer-{at}").FillAsync(at == 4 ? "Secret word 0" : $"Secret word {at}");
        }

        await PressAsync(tab, "Save answers");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not kept yet");
        await tab.LookAsync("security-info-questions-wrong");
        for (var at = 0; at < 5; at++)
        {
            await tab.Page.Locator($"#answer-{at}").FillAsync($"Secret word {at}");
        }

        await PressAsync(tab, "Save answers");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your answers are kept");
        Assert.DoesNotContain(
            asked,
            url => new[] { code, texted, "12345678", "Secret" }.Any(secret => url.Contains(secret, StringComparison.Ordinal))
        );
        Assert.DoesNotContain(asked, url => url.Contains('@', StringComparison.Ordinal));
        Assert.DoesNotContain("Secret word", portal.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(code, portal.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(texted, portal.Log.Text, StringComparison.Ordinal);
    }

    private static Task ExpectAsync(BrowserTab tab, string heading) =>
        Assertions.Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(heading);

    private static async Task PressLinkAsync(BrowserTab tab, string name)
    {
        var link = tab.Page.GetByRole(AriaRole.Link, new() { Name = name });
        await link.FocusAsync();
        await link.PressAsync("Enter");
    }

    private static async Task PressAsync(BrowserTab tab, string name)
    {
        var button = tab.Page.GetByRole(AriaRole.Button, new() { Name = name });
        await button.FocusAsync();
        await button.PressAsync("Enter");
    }

    private static async Task TypeAsync(BrowserTab tab, string label, string text)
    {
        var field = tab.Page.GetByLabel(label, new() { Exact = true });
        await field.FillAsync(text);
        await field.PressAsync("Enter");
    }
}
