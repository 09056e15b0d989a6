using Microsoft.Playwright;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Layout;

public sealed class LinksFromElsewhereBrowserTests(ForestFixture forests, BrowserFixture browser)
{
    private static readonly LocatorAssertionsToContainTextOptions AfterTheCaptcha = new() { Timeout = 30_000 };

    [Fact]
    public async Task A_link_in_a_second_tab_costs_no_form_that_stands_open()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync());
        await using var tab = await browser.OpenAsync(portal.Address);
        await tab.Page.GotoAsync(ResetPaths.Begin);
        await using var second = await tab.OpenSecondAsync();
        await second.Page.RouteAsync(
            "https://elsewhere.example/",
            route => route.FulfillAsync(new() { ContentType = "text/html", Body = $"<a href='{portal.Address}/reset'>there</a>" })
        );

        await second.Page.GotoAsync("https://elsewhere.example/");
        await second.Page.GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(second.Page.GetByLabel("User ID")).ToBeVisibleAsync();

        await tab.Page.GetByLabel("User ID").FillAsync("nonsense");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("That is not a user ID", AfterTheCaptcha);
    }
}
