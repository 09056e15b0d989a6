using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PortalApp.Captcha;
using PortalApp.Data;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Data;

public partial class RetentionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_says_what_is_kept_and_how_long()
    {
        await using var portal = await PortalHost.StartAsync();
        var kept = portal.Services.GetServices<Retention>().Select(r => $"| {r.What} | {Text(r.Keep)} | {r.Since} |");
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "retention.md"), Ct);

        Assert.Equal(kept.Order(StringComparer.Ordinal), Line().Matches(document).Select(m => m.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_that_fails_stops_no_other_and_is_logged_by_its_name()
    {
        await using var portal = await PortalHost.StartAsync(services =>
            services.AddSingleton(new Retention("Ruins", "ever", TimeSpan.Zero, (_, _, _) => throw new InvalidOperationException("broken")))
        );
        await SpendAsync(portal, 3);

        await SweepAsync(portal);

        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<SpentChallenge>().CountAsync()));
        Assert.Contains("Old Ruins could not be deleted", portal.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_one_statement_deletes_goes_all_the_same_and_the_young_stay()
    {
        await using var portal = await PortalHost.StartAsync();
        await SpendAsync(portal, (2 * Retention.AtOnce) + 1);
        await SpendAsync(portal, 1, TimeSpan.FromDays(1));

        await SweepAsync(portal);

        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<SpentChallenge>().CountAsync()));
    }

    private static Task SweepAsync(PortalHost portal) =>
        portal.Services.GetServices<IHostedService>().OfType<RetentionSweep>().Single().SweepAsync(Ct);

    private static Task<int> SpendAsync(PortalHost portal, int count, TimeSpan later = default) =>
        portal.WithDbAsync(db =>
        {
            var expired = portal.Clock.GetUtcNow() - TimeSpan.FromHours(2) + later;
            db.AddRange(
                Enumerable.Range(0, count).Select(_ => new SpentChallenge { Nonce = Guid.CreateVersion7().ToString(), ExpiresAt = expired })
            );
            return db.SaveChangesAsync();
        });

    private static string Text(TimeSpan keep)
    {
        var (number, unit) = keep.Days > 0 ? (keep.Days, "day") : (keep.Hours, "hour");
        return number == 0 ? "–" : $"{number.ToString(CultureInfo.InvariantCulture)} {unit}{(number == 1 ? "" : "s")}";
    }

    [GeneratedRegex(@"^\| [A-Z][^|]* \| (\d+ \w+|–) \| [^|]* \|$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
