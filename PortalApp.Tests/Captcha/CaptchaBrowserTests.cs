using Deque.AxeCore.Playwright;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;
using PortalApp.Tests.Gates;

namespace PortalApp.Tests.Captcha;

/// <summary>The widget in Chromium under the strict policy of the public pages.</summary>
public sealed class CaptchaBrowserTests : IAsyncLifetime
{
    private readonly List<string> complaints = [];
    private GatePortal portal = null!;
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        // The browser has its own clock, so this portal goes by the same time.
        portal = await GatePortal.StartAsync(CaptchaPage.Map, new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = "/usr/bin/chromium",
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-sync",
                ],
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        await portal.DisposeAsync();
    }

    [Fact]
    public async Task A_person_types_a_name_presses_next_and_the_captcha_is_done()
    {
        var page = await OpenAsync(ColorScheme.Light);
        await page.GetByLabel("User ID").FillAsync("anna@corp.test");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();

        await Assertions.Expect(page.Locator("#verdict")).ToHaveTextAsync("Passed");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Next_before_the_widget_has_begun_waits_for_it()
    {
        var held = new TaskCompletionSource();
        var page = await NewPageAsync(ColorScheme.Light);
        await page.RouteAsync(
            "**/captcha/challenge",
            async route =>
            {
                await held.Task;
                await route.ContinueAsync();
            }
        );
        await page.GotoAsync(Url);
        await page.GetByLabel("User ID").FillAsync("anna@corp.test");
        await Assertions.Expect(page.GetByText("Checking that you are not a program")).ToBeVisibleAsync();
        await page.GetByLabel("User ID").PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("One moment, the check is still running.");
        held.SetResult();

        await Assertions.Expect(page.Locator("#verdict")).ToHaveTextAsync("Passed");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_failed_fetch_is_said_and_next_tries_again()
    {
        var page = await NewPageAsync(ColorScheme.Light);
        await page.RouteAsync("**/captcha/challenge", route => route.FulfillAsync(new() { Status = 429 }), new() { Times = 1 });
        await page.GotoAsync(Url);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The check did not work");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();

        await Assertions.Expect(page.Locator("#verdict")).ToHaveTextAsync("Passed");
    }

    [Fact]
    public async Task A_box_that_was_unticked_is_worked_through_again()
    {
        var page = await OpenAsync(ColorScheme.Light);
        await page.GetByRole(AriaRole.Checkbox).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox)).Not.ToBeCheckedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();

        await Assertions.Expect(page.Locator("#verdict")).ToHaveTextAsync("Passed");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Nothing_offends_the_policy_or_a_reader_in_either_scheme(ColorScheme scheme)
    {
        var page = await OpenAsync(scheme);
        var found = await page.RunAxe();

        Assert.Empty(found.Violations.Select(v => v.Id));
        Assert.Empty(complaints);
    }

    private string Url => new Uri(portal.Address, "/page").ToString();

    private async Task<IPage> OpenAsync(ColorScheme scheme)
    {
        var page = await NewPageAsync(scheme);
        await page.GotoAsync(Url);
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox)).ToBeCheckedAsync(new() { Timeout = 30_000 });
        return page;
    }

    private async Task<IPage> NewPageAsync(ColorScheme scheme)
    {
        var page = await browser.NewPageAsync(
            new()
            {
                ColorScheme = scheme,
                ViewportSize = new() { Width = 320, Height = 640 },
            }
        );
        page.SetDefaultTimeout(30_000);
        Assertions.SetDefaultExpectTimeout(30_000);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add(message.Text);
            }
        };
        await page.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))"
        );
        return page;
    }
}
