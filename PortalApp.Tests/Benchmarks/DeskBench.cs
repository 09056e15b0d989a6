using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using PortalApp.Administration.People;
using PortalApp.Users;

namespace PortalApp.Tests.Benchmarks;

/// <summary>The desk's search and table among a hundred thousand people, on each database.</summary>
internal static class DeskBench
{
    private const int Typists = 150;

    public static Task RunAsync(BenchReport report, CancellationToken cancellation) =>
        DeskGround.OnEachAsync(
            async ground =>
            {
                await SearchAsync(ground, report, cancellation);
                await TableAsync(ground, report, cancellation);
            },
            cancellation
        );

    /// <summary>As one types, a letter at a time.</summary>
    private static async Task SearchAsync(DeskGround ground, BenchReport report, CancellationToken cancellation)
    {
        var search = ground.The<UserSearch>();
        await using var db = await ground.Databases.CreateDbContextAsync(cancellation);
        var people = await db.Set<User>().Include(u => u.Contacts).OrderBy(u => u.Id).Take(Typists).ToListAsync(cancellation);
        string[] texts = [.. people.SelectMany((user, i) => new[] { Typed(user, i % 4) })];
        List<double> letters = [];
        List<double> lookUps = [];
        foreach (var isMeasured in new[] { false, true })
        {
            foreach (var text in texts)
            {
                for (var length = 1; length <= Math.Min(text.Length, 8); length++)
                {
                    var began = Stopwatch.GetTimestamp();
                    await search.FindAsync(ground.Tenant, UserQuery.Of(text[..length], null, null, null), cancellation);
                    Keep(isMeasured, letters, began);
                }

                var whole = Stopwatch.GetTimestamp();
                var found = await search.FindAsync(ground.Tenant, UserQuery.Of(text, null, null, null), cancellation);
                Keep(isMeasured, lookUps, whole);
                Assert.NotEmpty(found.Users);
            }
        }

        report.Add($"{ground.Name}.letter_p95", Percentile(letters, 95), "ms (≤ 50)");
        report.Add($"{ground.Name}.look_up_p99", Percentile(lookUps, 99), "ms (≤ 10)");
    }

    private static async Task TableAsync(DeskGround ground, BenchReport report, CancellationToken cancellation)
    {
        var search = ground.The<UserSearch>();
        var standings = ground.The<UserStanding>();
        int[] pages = [1, 2, 10, 40, DeskPeople.Count / UserQuery.PageSize];
        List<double> shown = [];
        for (var round = 0; round < 6; round++)
        {
            foreach (var page in pages)
            {
                foreach (var sort in new[] { "name", "-id" })
                {
                    var began = Stopwatch.GetTimestamp();
                    var found = await search.FindAsync(ground.Tenant, UserQuery.Of(null, null, sort, page), cancellation);
                    await standings.OfAsync(ground.Tenant, found.Users, cancellation);
                    Keep(round > 0, shown, began);
                }
            }
        }

        report.Add($"{ground.Name}.page_p95", Percentile(shown, 95), "ms (≤ 100)");
    }

    private static string Typed(User user, int what) =>
        what switch
        {
            0 => user.UserPrincipalName,
            1 => user.DisplayName!,
            2 => user.Contacts.First(c => c.Field == ContactField.MobilePhone).Value,
            _ => user.Contacts.FirstOrDefault(c => c.Field == ContactField.AlternateEmailAddresses)?.Value ?? user.UserPrincipalName,
        };

    private static void Keep(bool isMeasured, List<double> values, long began)
    {
        if (isMeasured)
        {
            values.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    private static double Percentile(List<double> values, int percent) => values.Order().ElementAt((values.Count - 1) * percent / 100);
}
