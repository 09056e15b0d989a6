using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Policy;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Gates;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Throttle.Failures;
using PortalApp.Users;
using PortalApp.Writeback.Requests;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.Helpdesk;

/// <summary>The card of a person as the helpdesk sees and uses it.</summary>
public sealed class HelpdeskBrowserTests(BrowserFixture browser)
{
    [Fact]
    public async Task Somebody_of_the_helpdesk_asks_about_an_account_lifts_a_limit_and_starts_a_reset_and_sets_a_password_that_an_administrator_approves()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        await LimitedAsync(portal, anna);
        using var helper = await DeskPerson.SetUpAsync(portal, "helper", Role.Helpdesk);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.SignInAsync(helper, portal.Address);
        await LiftFromTheListAsync(portal, tab);
        await tab.Page.GotoAsync($"/desk/users/{anna.Id}");
        await Expect(tab.Page.GetByLabel("Mobile phone")).ToHaveCountAsync(0);

        await Expect(tab.Page.GetByRole(AriaRole.Status, new() { Name = "Reset status" }))
            .Not.ToContainTextAsync("can reset the password now");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Explain" }).ClickAsync();
        await AnswerAsync(portal, RequestKind.Explain, Told(portal.Clock.GetUtcNow()));
        await Expect(tab.Page.GetByText("CN=Anna,OU=Staff,DC=corp,DC=test").First).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("Remedy: take the account out of the group")).ToBeVisibleAsync();

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Lift a limit" }).ClickAsync();
        var press = tab.Page.GetByRole(AriaRole.Button, new() { Name = "Lift the limit of anna@corp.test" });
        await press.ClickAsync();
        await Expect(tab.Page.GetByText("Write a reason")).ToBeVisibleAsync();
        await tab.LookAsync("desk-person");
        await tab.Page.GetByLabel("Reason").FillAsync("called about a lost phone");
        await press.ClickAsync();

        await Expect(tab.Page.GetByText("The limit of anna@corp.test is lifted.")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Status, new() { Name = "Reset status" })).ToContainTextAsync("can reset the password now");
        await Expect(tab.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "The helpdesk helped" }))
            .ToContainTextAsync("Lift a limit · called about a lost phone");
        var mail = Assert.Single(await portal.MailsToAsync("anna@gmail.example"));
        Assert.Contains("lifted the portal", mail.Text, StringComparison.Ordinal);

        await StartResetAsync(portal, tab, anna);
        await Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set a temporary password" })).ToHaveCountAsync(0);
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await SetTemporaryPasswordAsync(portal, tab, admin);
    }

    /// <summary>One press and a reason; whoever has a role stands there without the press.</summary>
    private static async Task LiftFromTheListAsync(ResetPortal portal, BrowserTab tab)
    {
        var bram = await portal.AddUserAsync("bram", "bram@gmail.example");
        var peer = await portal.AddUserAsync("peer", "peer@gmail.example");
        await portal.SetRoleAsync(peer, Role.ReportsReader);
        await LimitedAsync(portal, bram);
        await LimitedAsync(portal, peer);
        await tab.Page.GotoAsync("/desk/reports/locked");
        var lift = new LocatorGetByRoleOptions { Name = "Lift a limit" };
        var row = tab.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "bram@corp.test" });
        await Expect(tab.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "peer@corp.test" })).ToBeVisibleAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "peer@corp.test" }).GetByRole(AriaRole.Button, lift))
            .ToHaveCountAsync(0);
        await row.GetByRole(AriaRole.Button, lift).ClickAsync();
        await tab.Page.GetByLabel("Reason").FillAsync("called from the shop");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Lift the limit of bram@corp.test" }).ClickAsync();

        await Expect(row.GetByText("The limit of bram@corp.test is lifted.")).ToBeVisibleAsync();
        await tab.LookAsync("desk-locked");
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<FailureCount>().Where(f => f.Subject == bram.Id).SumAsync(f => f.Total)));
        var told = await portal.WithDbAsync(db => db.Set<AuditEntry>().SingleAsync(a => a.Event == AuditEventId.HelpdeskActed));
        Assert.Equal((bram.Id, "LiftLimit", "called from the shop"), (told.Subject, told.Outcome, told.Detail));
    }

    private static Task<int> LimitedAsync(ResetPortal portal, User whom) =>
        portal.WithDbAsync(db =>
        {
            db.Add(
                new FailureCount
                {
                    Tenant = portal.Tenant.Id,
                    Subject = whom.Id,
                    Total = 80,
                    OfStrangers = 80,
                    LastAt = portal.Clock.GetUtcNow(),
                }
            );
            return db.SaveChangesAsync();
        });

    private async Task SetTemporaryPasswordAsync(ResetPortal portal, BrowserTab tab, DeskPerson admin)
    {
        var nobody = await portal.AddUserAsync("nobody", null);
        await portal.PublishAsync(terms => terms with { Help = [HelpRule.TemporaryPassword] });
        await tab.Page.GotoAsync($"/desk/users/{nobody.Id}");
        var set = tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set a temporary password" });
        await set.ClickAsync();
        await tab.Page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("no phone, stands at the desk");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Set it for nobody@corp.test: ask for approval" }).ClickAsync();
        await Expect(tab.Page.GetByText("It waits for another administrator")).ToBeVisibleAsync();
        await ApproveAsync(portal, admin);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Look again" }).ClickAsync();
        await Expect(tab.Page.GetByText("has approved it")).ToBeVisibleAsync();

        await set.ClickAsync();
        await AnswerAsync(portal, RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        var dialog = tab.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync("no phone, seen at the desk");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set a temporary password for nobody@corp.test" }).ClickAsync();
        await AnswerAsync(portal, RequestKind.AdministratorReset, new WritebackResult.Applied(false));

        var shown = tab.Page.Locator("#temporary-password");
        await Expect(shown).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[A-Z][a-z]{2}[2-9]-"));
        await tab.LookAsync("desk-temporary-password");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(shown).ToHaveCountAsync(0);
    }

    private async Task ApproveAsync(ResetPortal portal, DeskPerson admin)
    {
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.SignInAsync(admin, portal.Address);
        await tab.Page.GotoAsync("/desk");
        await tab
            .Page.GetByRole(AriaRole.Link, new() { Name = "A temporary password for nobody@corp.test waits for approval" })
            .ClickAsync();
        await Expect(tab.Page.GetByText("Reason: no phone, stands at the desk")).ToBeVisibleAsync();
        await tab.LookAsync("desk-approval");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("I have seen the passport");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Approve it for nobody@corp.test" }).ClickAsync();
        await Expect(tab.Page.GetByText("has approved it")).ToBeVisibleAsync();
    }

    private static async Task AnswerAsync(ResetPortal portal, RequestKind kind, WritebackResult result)
    {
        await Eventually.TrueAsync(
            () => portal.WithDbAsync(db => db.Set<Request>().AnyAsync(r => r.Kind == kind && r.EndedAt == null)),
            TimeSpan.FromSeconds(20),
            "the question"
        );
        await portal.AnswerAsync(kind, result);
    }

    private async Task StartResetAsync(ResetPortal portal, BrowserTab tab, User anna)
    {
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Send a code" }).ClickAsync();
        await Expect(tab.Page.GetByText("A code was sent.")).ToBeVisibleAsync();
        await tab.Page.GetByLabel("Code that the caller reads out").FillAsync(await portal.CodeToAsync("anna@gmail.example"));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Check the code" }).ClickAsync();
        await Expect(tab.Page.GetByText("The caller is verified")).ToBeVisibleAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Start a reset" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("a forgotten password");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Start a reset for anna@corp.test" }).ClickAsync();
        await Expect(tab.Page.GetByText("A link was sent to anna@corp.test")).ToBeVisibleAsync();

        var words = (await portal.MailsToAsync("anna@gmail.example")).SelectMany(sent => sent.Text.Split());
        var link = Assert.Single(words, word => word.Contains("/reset/link/", StringComparison.Ordinal));
        await using var own = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await own.Page.GotoAsync(new Uri(link).AbsolutePath);
        await own.LookAsync("reset-link");
        await own.Page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await Expect(own.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/reset/verify$"));
    }

    private static WritebackResult.Explained Told(DateTimeOffset now) =>
        new(
            [
                new("Account in the directory", true, "CN=Anna,OU=Staff,DC=corp,DC=test"),
                new("The directory's answer now", false, "Protected (34003): Key people", "take the account out of the group"),
            ],
            new("CN=Anna,OU=Staff,DC=corp,DC=test", "dc1.corp.test", true, true, now.AddHours(-1), null, now.AddDays(-40), now.AddDays(50)),
            null
        );
}
