using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(PortalApp.Tests.Fixtures.Browsers.BrowserFixture))]

namespace PortalApp.Tests.Fixtures.Browsers;

/// <summary>One headless Chromium (the distribution's) for the whole run; each test opens its own context, so no cookie is shared.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
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
    }

    internal async Task<BrowserTab> OpenAsync(string origin, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var context = await browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = origin,
                IgnoreHTTPSErrors = true,
                ColorScheme = scheme,
                ReducedMotion = ReducedMotion.Reduce,
                ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 700 : 860 },
            }
        );
        return await BrowserTab.OpenAsync(context);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
