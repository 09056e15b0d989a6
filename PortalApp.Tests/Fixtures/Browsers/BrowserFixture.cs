using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(PortalApp.Tests.Fixtures.Browsers.BrowserFixture))]

namespace PortalApp.Tests.Fixtures.Browsers;

/// <summary>
/// One headless Chromium (the distribution's) for the whole run, started by the first test that asks; each test opens its own context, so no
/// cookie is shared.
/// </summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> started = new(StartAsync);

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        // A page is waited for on a machine that runs everything else beside it.
        Assertions.SetDefaultExpectTimeout(20_000);
        var driver = await Playwright.CreateAsync();
        var browser = await driver.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = "/usr/bin/chromium",
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
        return (driver, browser);
    }

    internal static int HeightOf(int width) => width < 600 ? 700 : 860;

    internal async Task<BrowserTab> OpenAsync(string origin, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var (_, browser) = await started.Value;
        var context = await browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = origin,
                IgnoreHTTPSErrors = true,
                ColorScheme = scheme,
                ReducedMotion = ReducedMotion.Reduce,
                ViewportSize = new ViewportSize { Width = width, Height = HeightOf(width) },
            }
        );
        return await BrowserTab.OpenAsync(context);
    }

    public async ValueTask DisposeAsync()
    {
        if (started is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            var (driver, browser) = await started.Value;
            await browser.DisposeAsync();
            driver.Dispose();
        }
    }
}
