using System.Net;
using Microsoft.EntityFrameworkCore;
using PortalApp.SignIn;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Administration;

/// <summary>Who may open the desk: its pages and its circuits, for each role, for nobody and for other tenants.</summary>
public sealed class DeskTests
{
    internal static readonly (string Path, Role Least)[] Pages =
    [
        ("/desk", Role.ReportsReader),
        ("/desk/users", Role.Helpdesk),
        ("/desk/users.csv", Role.Helpdesk),
        ("/desk/users/somebody", Role.Helpdesk),
        ("/desk/users/new", Role.Administrator),
        ("/desk/users/import", Role.Administrator),
        ("/desk/users/groups", Role.Administrator),
        ("/desk/users/groups/somebody", Role.Administrator),
        ("/desk/policies", Role.Administrator),
        ("/desk/policies.json", Role.Administrator),
        ("/desk/domains", Role.Administrator),
        ("/desk/domains/somebody/provider", Role.Administrator),
        ("/desk/agents", Role.Administrator),
        ("/desk/agents/somebody", Role.Administrator),
        ("/desk/audit", Role.Helpdesk),
        ("/desk/reports", Role.ReportsReader),
        ("/desk/reports/somebody", Role.ReportsReader),
        ("/desk/reports/resets.csv", Role.ReportsReader),
        ("/desk/settings", Role.Administrator),
    ];

    [Fact]
    [Trait("Case", "H102")]
    public async Task Each_page_opens_for_its_role_and_those_above_and_for_nobody_else()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var nobody = portal.NewPerson();
        foreach (var (path, _) in Pages)
        {
            Assert.StartsWith($"{SignInPaths.Begin}?return=", (await nobody.GetAsync(path)).Location, StringComparison.Ordinal);
        }

        foreach (var role in Enum.GetValues<Role>())
        {
            using var person = await DeskPerson.SetUpAsync(portal, $"p{(int)role}", role);
            foreach (var (path, least) in Pages)
            {
                var answer = await person.Browser.GetAsync(path);
                Assert.Equal((role, path, role >= least ? HttpStatusCode.OK : HttpStatusCode.Forbidden), (role, path, answer.Status));
                Assert.Equal(role < least, answer.Text.Contains("not for your role", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Every_page_of_the_desk_stands_in_the_matrix() =>
        Assert.Equal(
            typeof(PortalApp.Administration.AdministrationTexts)
                .Assembly.GetTypes()
                .Where(type =>
                    type.Namespace is { } slice
                    && (slice.StartsWith("PortalApp.Administration", StringComparison.Ordinal) || slice == "PortalApp.Reports")
                )
                .SelectMany(type => type.GetCustomAttributes(typeof(Microsoft.AspNetCore.Components.RouteAttribute), inherit: false))
                .Cast<Microsoft.AspNetCore.Components.RouteAttribute>()
                .Select(route =>
                    route
                        .Template.Replace("{Id}", "somebody", StringComparison.Ordinal)
                        .Replace("{Name}", "somebody", StringComparison.Ordinal)
                )
                .Append("/desk/users.csv")
                .Append("/desk/reports/resets.csv")
                .Append("/desk/policies.json")
                .Order(),
            Pages.Select(page => page.Path).Order()
        );

    [Fact]
    [Trait("Case", "H96")]
    public async Task Nobody_opens_a_circuit_without_a_role_or_from_another_site()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var nobody = portal.NewPerson();
        using var user = await DeskPerson.SetUpAsync(portal, "user", Role.User);
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);

        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.PostRawAsync("/_blazor/negotiate?negotiateVersion=1", [])).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await user.Browser.PostRawAsync("/_blazor/negotiate?negotiateVersion=1", [])).Status);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await admin.Browser.PostRawAsync("/_blazor/negotiate?negotiateVersion=1", [], ("Origin", "https://evil.example"))).Status
        );
        Assert.Equal(HttpStatusCode.OK, (await admin.Browser.PostRawAsync("/_blazor/negotiate?negotiateVersion=1", [])).Status);
    }

    [Fact]
    [Trait("Case", "H104")]
    public async Task Nobody_of_another_tenant_is_found_shown_or_exported()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        var other = await portal.AddTenantAsync("Bakkerij", "bakkerij.test", Portal.Tenants.PasswordManagement.Federated);
        var theirs = await portal.AddUserAsync("brood", "brood@gmail.example");
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == theirs.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Tenant, other.Id))
        );

        Assert.Contains("There is no such user", (await admin.Browser.GetAsync($"/desk/users/{theirs.Id}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(theirs.Id, (await admin.Browser.GetAsync("/desk/users?q=brood")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("brood", (await admin.Browser.GetAsync("/desk/users.csv")).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H110")]
    public async Task What_is_exported_is_no_formula_to_a_spreadsheet()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        await portal.WithDbAsync(db =>
            db.Set<User>()
                .Where(u => u.Id == anna.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.DisplayName, "=HYPERLINK(\"https://evil.example\",\"x\")"))
        );

        var csv = (await admin.Browser.GetAsync("/desk/users.csv?q=anna")).Text;

        Assert.Contains(
            "anna@corp.test,\"'=HYPERLINK(\"\"https://evil.example\"\",\"\"x\"\")\",anna@gmail.example,",
            csv,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("admin@cloud.test", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_read_to_the_helpdesk_leads_to_that_story_on_their_page_and_a_name_of_that_form_does_not()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var helper = await DeskPerson.SetUpAsync(portal, "helper", Role.Helpdesk);
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example", licensed: false);
        await portal.AddUserAsync("anna-kees", "kees@gmail.example");
        using var person = portal.NewPerson();
        await person.BeginAsync(anna.UserPrincipalName);
        var refused = await portal.WithDbAsync(db =>
            db.Set<PortalApp.Audit.AuditEntry>().SingleAsync(a => a.Event == PortalApp.Audit.AuditEventId.ResetRefused)
        );

        foreach (var typed in new[] { $"SSPR_0012 · {refused.Trace}", $"{refused.Trace}".ToLowerInvariant() })
        {
            var answer = await helper.Browser.GetAsync($"/desk/users?q={Uri.EscapeDataString(typed)}");
            Assert.EndsWith($"/desk/users/{anna.Id}?trace={refused.Trace}", answer.Location, StringComparison.Ordinal);
        }

        var page = await helper.Browser.GetAsync($"/desk/users/{anna.Id}?trace={refused.Trace}");
        Assert.Contains($"SSPR_0012 · {refused.Trace}", page.Text, StringComparison.Ordinal);
        Assert.Contains("anna-kees@corp.test", (await helper.Browser.GetAsync("/desk/users?q=anna-kees")).Text, StringComparison.Ordinal);
        var unknown = await helper.Browser.GetAsync($"/desk/users?q={Uri.EscapeDataString("SSPR_0012 · 0000-0000")}");
        Assert.EndsWith("/desk/audit?trace=0000-0000", unknown.Location, StringComparison.Ordinal);
    }
}
