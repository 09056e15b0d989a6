using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PortalApp.Data;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Benchmarks;

/// <summary>
/// In a browser: from a letter typed to the rows that it changes, in the desk's table of a hundred thousand people and in <see cref="BareField"/>.
/// </summary>
internal static class FieldBench
{
    private const int Typists = 25;
    private const int Letters = 5;

    private const string Watch = """
        () => {
          window.took = [];
          let typed = null;
          document.addEventListener("input", () => { typed = performance.now(); }, true);
          new MutationObserver(() => {
            if (typed === null) return;
            window.took.push(performance.now() - typed);
            typed = null;
          }).observe(document.querySelector("#q").closest("section"), { childList: true, subtree: true, characterData: true });
        }
        """;

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        await using var portal = await ResetPortal.StartAsync();
        var databases = portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>();
        await DeskPeople.AddAsync(databases, portal.Tenant.Id, cancellation);
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        using var client = portal.NewClient();
        await using var bare = await BareField.StartAsync(
            await client.GetByteArrayAsync(new Uri("/_framework/blazor.web.js", UriKind.Relative), cancellation),
            cancellation
        );
        await using var browser = new BrowserFixture();
        await using var bareTab = await browser.OpenAsync(RunningPortal.AddressOf(bare));
        await using var deskTab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await deskTab.SignInAsync(admin, portal.Address);
        var names = await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.SourceAnchor != null).OrderBy(u => u.Id).Select(u => u.DisplayName!).Take(Typists).ToListAsync()
        );

        var bareTook = await TypeAsync(bareTab.Page, BareField.Path, names);
        var deskTook = await TypeAsync(deskTab.Page, "/desk/users", names);

        report.Add("desk.field_bare_p95", Percentile95(bareTook), "ms");
        report.Add("desk.field_p95", Percentile95(deskTook), "ms");
        report.Add("desk.field_over_bare", Percentile95(deskTook) - Percentile95(bareTook), "ms (≤ 60)");
    }

    /// <summary>Letter after letter of each name; the first name only warms up. A letter that changes no row says nothing.</summary>
    private static async Task<IReadOnlyList<double>> TypeAsync(IPage page, string path, IReadOnlyList<string> names)
    {
        await page.GotoAsync(path);
        var field = page.Locator("#q");
        await Assertions.Expect(field).ToBeEnabledAsync();
        await page.EvaluateAsync(Watch);
        foreach (var (at, name) in names.Index())
        {
            if (at == 1)
            {
                await page.EvaluateAsync("window.took.length = 0");
            }

            await field.ClearAsync();
            foreach (var letter in name[..Letters])
            {
                var before = await page.EvaluateAsync<int>("window.took.length");
                await field.PressSequentiallyAsync($"{letter}");
                await SettledAsync(page, before);
            }
        }

        return await page.EvaluateAsync<double[]>("window.took");
    }

    private static async Task SettledAsync(IPage page, int before)
    {
        try
        {
            await page.WaitForFunctionAsync("before => window.took.length > before", before, new() { Timeout = 1_000 });
        }
        catch (TimeoutException)
        {
            // The rows stayed as they were.
        }
    }

    private static double Percentile95(IReadOnlyList<double> values) => values.Order().ElementAt((values.Count - 1) * 95 / 100);
}
