using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Administration.Overview;
using PortalApp.Data;
using PortalApp.Policy;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.Tests.Benchmarks;

/// <summary>What a draft of the policies changes for 100,000 people, at the server.</summary>
internal static class PolicyEffectBench
{
    private const int People = 100_000;
    private const int AtOnce = 5_000;
    private const int Groups = 10;
    private const int Times = 7;

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var groups = await FillAsync(portal, tenant);
        var two = PolicyTerms.First with { Gates = 2 };
        var held = new PolicyList([.. groups[..4].Select(g => new PolicyEntry($"{g}", [g], two))], PolicyTerms.First);
        var draft = new PolicyList([.. groups[3..9].Select(g => new PolicyEntry($"{g}", [g], two))], PolicyTerms.First);
        var effects = portal.Services.GetRequiredService<PolicyEffects>();
        var readiness = portal.Services.GetRequiredService<ReadinessCount>();

        report.Add("desk.policy_effect_100k", await MedianAsync(() => effects.OfAsync(tenant, held, draft, cancellation)), "s (≤ 1)");
        report.Add("desk.readiness_100k", await MedianAsync(() => readiness.OfAsync(tenant, held, cancellation)), "s");
    }

    private static async Task<double> MedianAsync(Func<Task> measured)
    {
        await measured();
        var seconds = new List<double>();
        for (var i = 0; i < Times; i++)
        {
            var clock = Stopwatch.StartNew();
            await measured();
            seconds.Add(clock.Elapsed.TotalSeconds);
        }

        return BenchReport.Median(seconds);
    }

    private static async Task<long[]> FillAsync(PortalHost portal, TenantId tenant)
    {
        var groups = await portal.WithDbAsync(async db =>
        {
            Group[] made = [.. Enumerable.Range(0, Groups).Select(i => new Group { Tenant = tenant, Name = $"Group {i}" })];
            db.AddRange(made);
            await db.SaveChangesAsync();
            return made.Select(g => g.Id).ToArray();
        });
        foreach (var some in Enumerable.Range(0, People).Chunk(AtOnce))
        {
            await portal.WithDbAsync(db =>
            {
                foreach (var i in some)
                {
                    Add(db, tenant, i, groups[i % Groups]);
                }

                return db.SaveChangesAsync();
            });
        }

        return groups;
    }

    /// <summary>Each in one group, nine of ten with an address.</summary>
    private static void Add(PortalDb db, TenantId tenant, int number, long group)
    {
        var name = $"person{number.ToString(CultureInfo.InvariantCulture)}";
        var user = new User
        {
            Id = name,
            Tenant = tenant,
            UserPrincipalName = $"{name}@corp.test",
            DisplayName = $"Person {number}",
        };
        string[] mails = number % 10 == 0 ? [] : [$"{name}@mail.example"];
        ContactStore.Write(user, ContactField.AlternateEmailAddresses, mails, ContactSource.Administrator, TenantSetup.By, default);
        db.Add(user);
        db.Add(
            new GroupMember
            {
                Tenant = tenant,
                GroupId = group,
                UserId = name,
            }
        );
    }
}
