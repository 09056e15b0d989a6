using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Gates;

namespace PortalApp.Tests.Captcha;

/// <summary>The widget in Chromium under the strict policy of the public pages.</summary>
public sealed class CaptchaBrowserTests(BrowserFixture browser) : IAsyncLifetime
{
    private const string Challenge = "**/captcha/challenge";
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 30_000 };
    private GatePortal portal = null!;

    // The browser has its own clock, so this portal goes by the same time.
    public async ValueTask InitializeAsync() =>
        portal = await GatePortal.StartAsync(CaptchaPage.Map, new FakeTimeProvider(TimeProvider.System.GetUtcNow()));

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task A_person_types_a_name_presses_next_and_the_captcha_is_done()
    {
        await using var tab = await OpenAsync();
        await tab.Page.GotoAsync("/page");
        await tab.Page.GetByLabel("User ID").FillAsync("anna@corp.test");
        await Next(tab).ClickAsync();

        await ExpectVerdictAsync(tab, "Passed");
        Assert.Empty(tab.Console);
    }

    [Fact]
    public async Task Next_while_the_work_still_runs_waits_for_it()
    {
        var held = new TaskCompletionSource();
        await using var tab = await OpenAsync();
        await tab.Page.RouteAsync(
            Challenge,
            async route =>
            {
                await held.Task;
                await route.ContinueAsync();
            }
        );
        await tab.Page.GotoAsync("/page");
        await tab.Page.GetByLabel("User ID").FillAsync("anna@corp.test");
        await Assertions.Expect(tab.Page.GetByText("Checking that you are not a program")).ToBeVisibleAsync();
        await tab.Page.GetByLabel("User ID").PressAsync("Enter");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("One moment, the check is still running.");
        await tab.PictureAsync("captcha-waits");
        held.SetResult();

        await ExpectVerdictAsync(tab, "Passed");
        Assert.Empty(tab.Console);
    }

    [Fact]
    public async Task A_failed_fetch_is_said_and_next_tries_again()
    {
        await using var tab = await OpenAsync();
        await tab.Page.RouteAsync(Challenge, route => route.FulfillAsync(new() { Status = 429 }), new() { Times = 1 });
        await tab.Page.GotoAsync("/page");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The check did not work");
        await tab.PictureAsync("captcha-failed");
        await tab.AssertCleanAsync();
        await Next(tab).ClickAsync();

        await ExpectVerdictAsync(tab, "Passed");
    }

    [Fact]
    public async Task A_box_that_was_unticked_is_worked_through_again()
    {
        await using var tab = await OpenAsync();
        await tab.Page.GotoAsync("/page");
        await ExpectTickAsync(tab);
        await Box(tab).ClickAsync();
        await Assertions.Expect(Box(tab)).Not.ToBeCheckedAsync();
        await Next(tab).ClickAsync();

        await ExpectVerdictAsync(tab, "Passed");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Nothing_offends_the_policy_or_a_reader_in_either_scheme(ColorScheme scheme)
    {
        await using var tab = await OpenAsync(scheme);
        await tab.Page.GotoAsync("/page");
        await ExpectTickAsync(tab);
        await tab.PictureAsync($"captcha-{scheme}");

        await tab.AssertCleanAsync();
        Assert.Empty(tab.Console);
    }

    private static ILocator Next(BrowserTab tab) => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Next" });

    private static ILocator Box(BrowserTab tab) => tab.Page.GetByRole(AriaRole.Checkbox);

    private static Task ExpectTickAsync(BrowserTab tab) => Assertions.Expect(Box(tab)).ToBeCheckedAsync(new() { Timeout = 30_000 });

    private static Task ExpectVerdictAsync(BrowserTab tab, string verdict) =>
        Assertions.Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync(verdict, Patient);

    private Task<BrowserTab> OpenAsync(ColorScheme scheme = ColorScheme.Light) =>
        browser.OpenAsync(portal.Address.ToString(), scheme, width: 320);
}
