using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace PortalApp.Tests.Fixtures.Browsers;

/// <summary>A page of one browser context, which notes everything that a browser complains of: policy violations, errors, console lines.</summary>
internal sealed class BrowserTab : IAsyncDisposable
{
    private const string ReportViolations = """
        document.addEventListener('securitypolicyviolation', e => console.error('CSP violation: ' + e.violatedDirective + ' ' + e.blockedURI));
        """;

    private readonly ConcurrentQueue<string> console = new();
    private readonly IBrowserContext context;

    private BrowserTab(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.Console += (_, message) => console.Enqueue($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => console.Enqueue($"error: {error}");
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Console => console;

    public IBrowserContext Context => context;

    public static async Task<BrowserTab> OpenAsync(IBrowserContext context)
    {
        await context.AddInitScriptAsync(ReportViolations);
        context.SetDefaultTimeout(30_000);
        return new BrowserTab(context, await context.NewPageAsync());
    }

    /// <summary>A second tab that shares this one's cookies.</summary>
    public async Task<BrowserTab> OpenSecondAsync() => new(context, await context.NewPageAsync());

    /// <summary>
    /// As a screen and a phone show the page, by day and by night: a picture of each, nothing wider than the screen, and no complaint; on the
    /// phone by night of what can differ there.
    /// </summary>
    public async Task LookAsync(string name)
    {
        await ShowAsync(name, ColorScheme.Dark, 320);
        await AssertAxeAsync("rule", ["color-contrast", "target-size"]);
        await ShowAsync(name, ColorScheme.Dark, 1280);
        await ShowAsync(name, ColorScheme.Light, 320);
        await ShowAsync(name, ColorScheme.Light, 1280);
        await AssertCleanAsync();
    }

    private async Task ShowAsync(string name, ColorScheme scheme, int width)
    {
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await Page.SetViewportSizeAsync(width, BrowserFixture.HeightOf(width));
        await PictureAsync($"{name}-{width}-{scheme.ToString().ToLowerInvariant()}");
        Assert.False(
            await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"),
            $"{name} is too wide at {width} px"
        );
    }

    public async Task AssertCleanAsync()
    {
        Assert.DoesNotContain(
            console,
            line =>
                line.Contains("CSP violation", StringComparison.Ordinal)
                || line.Contains("Content Security Policy", StringComparison.Ordinal)
        );
        await AssertAxeAsync("tag", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
    }

    private async Task AssertAxeAsync(string type, List<string> values)
    {
        var axe = await Page.RunAxe(
            new AxeRunOptions
            {
                RunOnly = new RunOnlyOptions { Type = type, Values = values },
            }
        );
        var found = axe.Violations.Select(v => $"{Page.Url}: {v.Id}: {v.Help}: {string.Join(" ", v.Nodes.Select(n => n.Html))}").ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    /// <summary>Kept under <c>.demo/pictures</c>, for a person to look at.</summary>
    public Task PictureAsync(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Scratch, "pictures")).FullName;
        return Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    public async ValueTask DisposeAsync() => await context.CloseAsync();
}
