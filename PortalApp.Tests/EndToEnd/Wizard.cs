using Microsoft.Playwright;
using PortalApp.Tests.Fixtures.Browsers;

namespace PortalApp.Tests.EndToEnd;

/// <summary>A person's hands: what they type and press on the way of one reset.</summary>
internal sealed class Wizard(BrowserTab tab)
{
    public IPage Page => tab.Page;

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 });

    public ILocator Alert => Page.GetByRole(AriaRole.Alert);

    public async Task IdentifyAsync(string name)
    {
        await Page.GotoAsync("/reset");
        await Page.GetByLabel("User ID").FillAsync(name);
        await PressAsync("Next");
    }

    public async Task TypeCodeAsync(string code)
    {
        await Page.GetByLabel("Verification code").FillAsync(code);
        await PressAsync("Next");
    }

    public async Task TypePasswordAsync(string password)
    {
        await Page.GetByLabel("New password", new PageGetByLabelOptions { Exact = true }).FillAsync(password);
        await Page.GetByLabel("Confirm new password").FillAsync(password);
        await PressAsync("Finish");
    }

    public async Task ExpectHeadingAsync(string text) =>
        await Assertions.Expect(Heading).ToContainTextAsync(text, new() { Timeout = 30_000 });

    public async Task ExpectCodePageAsync() =>
        await Assertions.Expect(Page.GetByLabel("Verification code")).ToBeVisibleAsync(new() { Timeout = 30_000 });

    public async Task ExpectPasswordPageAsync() =>
        await Assertions.Expect(Page.GetByLabel("Confirm new password")).ToBeVisibleAsync(new() { Timeout = 30_000 });

    public async Task ExpectDoneAsync() => await ExpectHeadingAsync("Your password has been reset");

    /// <summary>
    /// What a person does whose browser was turned away before the page that waits had reached it, or its script: go to where the answer stands.
    /// </summary>
    public async Task ReloadIfCutOffAsync()
    {
        var scripts = await Page.EvaluateAsync<int>(
            "performance.getEntriesByType('resource').filter(part => part.name.includes('/portal') && part.name.endsWith('.js') && part.responseStatus === 200).length"
        );
        if (await Heading.CountAsync() == 0 || scripts == 0)
        {
            await Page.GotoAsync("/reset/result");
        }
    }

    public async Task PressAsync(string name) =>
        await Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true }).ClickAsync();
}
