using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.SignIn;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Administration;

/// <summary>What somebody hostile asks of the desk's pages by plain requests.</summary>
public sealed partial class DeskCasesTests
{
    private static readonly (string, string)[] Elsewhere =
    [
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "http"),
        ("Forwarded", "host=evil.example;proto=http"),
        ("X-Original-Host", "evil.example"),
    ];

    [Fact]
    [Trait("Case", "H97")]
    public async Task Of_two_who_work_at_the_same_time_each_reads_their_own_name_alone()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.Administrator);
        using var brood = await DeskPerson.SetUpAsync(portal, "brood", Role.Administrator);

        var read = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(async i =>
                {
                    var (own, other) = i % 2 == 0 ? (anna, brood) : (brood, anna);
                    return (own, other, Page: await own.Browser.SecondTab().GetAsync(SignInPaths.Account));
                })
        );

        Assert.All(
            read,
            one =>
            {
                Assert.Contains($"You are signed in as <strong>{one.own.Name}</strong>", one.Page.Html, StringComparison.Ordinal);
                Assert.DoesNotContain(one.other.Name, one.Page.Html, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    [Trait("Case", "H47")]
    public async Task Whatever_host_a_request_speaks_of_no_page_leads_there()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var nobody = portal.NewPerson();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);

        Assert.Equal("/sign-in?return=%2Fdesk", (await nobody.GetAsync("/desk", Elsewhere)).Location);
        foreach (var (path, _) in DeskTests.Pages)
        {
            Assert.DoesNotContain("evil.example", (await admin.Browser.GetAsync(path, Elsewhere)).Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Case", "H29")]
    [Trait("Case", "H104")]
    public async Task What_is_another_tenants_reads_as_what_is_not_there()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        var bakery = await portal.AddTenantAsync("Bakkerij", "bakkerij.test", PasswordManagement.Federated);
        var (agent, group) = await portal.WithDbAsync(async db =>
        {
            var made = new PortalApp.Users.Groups.Group
            {
                Id = 777777,
                Tenant = bakery.Id,
                Name = "Bakers",
            };
            db.Add(made);
            await db.SaveChangesAsync();
            return (await db.Set<EnrolledAgent>().SingleAsync(a => a.Tenant == bakery.Id), made);
        });

        foreach (
            var (theirs, nothing) in new[]
            {
                ($"/desk/agents/{agent.Id}", "/desk/agents/nobody"),
                ($"/desk/users/groups/{group.Id}", "/desk/users/groups/999999"),
                ("/desk/domains/bakkerij.test/provider", "/desk/domains/nowhere.test/provider"),
                ($"/desk/users?group={group.Id}", "/desk/users?group=999999"),
            }
        )
        {
            var (one, other) = (await admin.Browser.GetAsync(theirs), await admin.Browser.GetAsync(nothing));
            Assert.Equal(other.Status, one.Status);
            Assert.DoesNotContain("Bakers", one.Text, StringComparison.Ordinal);
            Assert.Equal(Bare(other, nothing), Bare(one, theirs));
        }

        // Without what the framework says of its components, which differs each time.
        static string Bare(Answer page, string path) =>
            Comment()
                .Replace(page.Comparable, "")
                .Replace(path, "*", StringComparison.Ordinal)
                .Replace(path.Split('/', '=')[^1], "*", StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H99")]
    public async Task Script_that_a_directory_or_a_reason_holds_is_only_text_on_the_overview_the_audit_and_the_reports()
    {
        const string script = "<img src=x onerror=alert(1)>";
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await portal.WithDbAsync(db =>
        {
            foreach (var happened in new[] { AuditEventId.SyncObjectRefused, AuditEventId.ResetFailed, AuditEventId.HelpdeskActed })
            {
                db.Add(
                    new AuditEntry
                    {
                        Tenant = portal.Tenant.Id,
                        Event = happened,
                        By = Actor.Portal,
                        At = portal.Clock.GetUtcNow(),
                        Subject = script,
                        Outcome = script,
                        Reason = script,
                        Network = script,
                        Detail = script,
                    }
                );
            }

            return db.SaveChangesAsync();
        });

        foreach (var path in new[] { "/desk", "/desk/audit", "/desk/reports/sync", "/desk/reports/resets", "/desk/reports/helpdesk" })
        {
            var page = await admin.Browser.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.OK), (path, page.Status));
            Assert.DoesNotContain("<img src=x", page.Html, StringComparison.OrdinalIgnoreCase);
        }
    }

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
