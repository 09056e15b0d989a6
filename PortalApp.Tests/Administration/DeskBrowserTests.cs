using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Contacts;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.Reports;
using PortalApp.Tests.SignIn;
using PortalApp.Users;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.Administration;

/// <summary>The desk in a browser: what an administrator sees and does, and what happens to one who is none any more.</summary>
public sealed class DeskBrowserTests(BrowserFixture browser)
{
    [Fact]
    public async Task An_administrator_finds_a_person_and_changes_what_is_held()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        var ben = await portal.AddUserAsync("ben", null);
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, "/desk/users");
        await tab.LookAsync("desk-users");

        await tab.Page.GetByLabel("Name or user ID").PressSequentiallyAsync("ann");
        await Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "ben@corp.test" })).ToHaveCountAsync(0);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "anna@corp.test" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("anna@corp.test");
        await Expect(tab.Page.GetByRole(AriaRole.Status, new() { Name = "Reset status" })).ToContainTextAsync("can reset the password now");

        await tab.Page.GetByLabel("Mobile phone").FillAsync("0612345678");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(tab.Page.GetByText("as + country code")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByLabel("Mobile phone")).ToHaveValueAsync("0612345678");
        await tab.LookAsync("desk-user-wrong");

        await tab.Page.GetByLabel("Mobile phone").FillAsync("+31 612345678");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(tab.Page.GetByText("Saved.")).ToBeVisibleAsync();
        await tab.LookAsync("desk-user");

        var held = await portal.WithDbAsync(db =>
            db.Set<ContactValue>().SingleAsync(c => c.UserId == anna.Id && c.Field == ContactField.MobilePhone)
        );
        Assert.Equal((ContactSource.Administrator, "+31 612345678"), (held.Source, held.Value));
        await tab.Page.GetByLabel("Has a licence").ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Status, new() { Name = "Reset status" })).ToContainTextAsync("there is no licence");
        Assert.False(await portal.WithDbAsync(db => db.Set<User>().Where(u => u.Id == anna.Id).Select(u => u.Licensed).SingleAsync()));
        Assert.True(await portal.WithDbAsync(db => db.Set<User>().Where(u => u.Id == ben.Id).Select(u => u.Licensed).SingleAsync()));
    }

    [Fact]
    public async Task The_second_of_two_administrators_sees_what_the_first_changed()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, $"/desk/users/{anna.Id}");
        await using var second = await tab.OpenSecondAsync();
        await second.Page.GotoAsync($"/desk/users/{anna.Id}");
        await Expect(second.Page.GetByLabel("Office phone")).ToBeEnabledAsync();

        await tab.Page.GetByLabel("Office phone").FillAsync("+31 201234567");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(tab.Page.GetByText("Saved.")).ToBeVisibleAsync();
        await second.Page.GetByLabel("Office phone").FillAsync("+31 207654321");
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(second.Page.GetByText("Somebody else changed this user")).ToBeVisibleAsync();
        await Expect(second.Page.GetByLabel("Office phone")).ToHaveValueAsync("+31 201234567");
    }

    [Fact]
    [Trait("Case", "H95")]
    public async Task A_role_taken_away_while_the_page_is_open_ends_the_next_action()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, $"/desk/users/{anna.Id}");
        await Expect(tab.Page.GetByLabel("Mobile phone")).ToBeEnabledAsync();
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.UserPrincipalName == admin.Name).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, Role.User))
        );

        try
        {
            await tab.Page.GetByLabel("Has a licence").DispatchEventAsync("click", options: new() { Timeout = 3_000 });
        }
        catch (TimeoutException)
        {
            // Something else that the browser said was sooner, and has led to the sign-in already.
        }

        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).Not.ToHaveTextAsync("anna@corp.test");
        Assert.True(await portal.WithDbAsync(db => db.Set<User>().Where(u => u.Id == anna.Id).Select(u => u.Licensed).SingleAsync()));
    }

    [Fact]
    public async Task A_link_that_is_followed_before_the_page_is_live_leads_there_and_not_back()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@gmail.example");
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, "/sign-in");
        var live = new TaskCompletionSource();
        await tab.Page.RouteWebSocketAsync("**/_blazor**", page => HoldAnswers(page, live.Task));
        await tab.Page.GotoAsync("/desk/users");

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "anna@corp.test" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("anna@corp.test");
        live.SetResult();

        await Expect(tab.Page.GetByLabel("Mobile phone")).ToBeEnabledAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("anna@corp.test");
    }

    /// <summary>What the server says, from its first drawing on, reaches the page once that has ended.</summary>
    private static void HoldAnswers(IWebSocketRoute page, Task until)
    {
        var server = page.ConnectToServer();
        var sent = Task.CompletedTask;
        var isShaken = false;
        server.OnMessage(frame =>
        {
            var (before, waits) = (sent, isShaken);
            isShaken = true;
            sent = PassAsync();

            async Task PassAsync()
            {
                await before;
                await (waits ? until : Task.CompletedTask);
                if (frame.Binary is { } bytes)
                {
                    page.Send(bytes);
                }
                else
                {
                    page.Send(frame.Text!);
                }
            }
        });
    }

    [Fact]
    [Trait("Case", "H99")]
    public async Task Script_in_a_name_is_only_a_name()
    {
        const string name = "<img src=x onerror=document.title='gone'><script>document.title='gone'</script>";
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == anna.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.DisplayName, name))
        );
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, "/desk/users");

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();

        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(name);
        await Expect(tab.Page.GetByLabel("Mobile phone")).ToBeEnabledAsync();
        await Expect(tab.Page).Not.ToHaveTitleAsync("gone");
        await tab.AssertCleanAsync();
    }

    [Fact]
    [Trait("Case", "H101")]
    public async Task A_change_asks_again_who_it_is_after_ten_minutes_and_nobody_changes_their_own_role()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, $"/desk/users/{anna.Id}");
        portal.Clock.Skip(TimeSpan.FromMinutes(10));

        await tab.Page.GetByLabel("What this user may do").SelectOptionAsync("Helpdesk");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Change the role" }).ClickAsync();
        var dialog = tab.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Verification code").FillAsync("000000");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Expect(dialog.GetByText("That code is not right")).ToBeVisibleAsync();
        Assert.Equal(Role.User, await RoleAsync(portal, anna.UserPrincipalName));
        await tab.LookAsync("desk-prove-again");
        await dialog.GetByLabel("Verification code").FillAsync(admin.Code);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The role is now: Helpdesk");
        Assert.Equal(Role.Helpdesk, await RoleAsync(portal, anna.UserPrincipalName));

        var own = await portal.WithDbAsync(db => db.Set<User>().SingleAsync(u => u.UserPrincipalName == admin.Name));
        await tab.Page.GotoAsync($"/desk/users/{own.Id}");
        await tab.Page.GetByLabel("What this user may do").SelectOptionAsync("User");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Change the role" }).ClickAsync();
        await Expect(tab.Page.GetByText("Nobody changes their own role")).ToBeVisibleAsync();
        Assert.Equal(Role.Administrator, await RoleAsync(portal, admin.Name));
    }

    [Fact]
    public async Task Somebody_who_is_invited_chooses_the_password_and_is_in()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin, "/desk/users/new");
        await tab.Page.GetByLabel("User ID").FillAsync("eva");
        await tab.Page.GetByLabel("E-mail address").FillAsync("eva");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Send the invitation" }).ClickAsync();
        await Expect(tab.Page.GetByText("Write an e-mail address")).ToBeVisibleAsync();
        await tab.LookAsync("desk-invite-wrong");
        await tab.Page.GetByLabel("User ID").FillAsync("eva@cloud.test");
        await tab.Page.GetByLabel("E-mail address").FillAsync("eva@gmail.example");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Send the invitation" }).ClickAsync();
        await Expect(tab.Page.GetByText("eva@cloud.test is invited")).ToBeVisibleAsync();

        var mail = Assert.Single(await portal.MailsToAsync("eva@gmail.example"));
        var link = new Uri(mail.Text.Split('\n').Single(line => line.StartsWith("https://", StringComparison.Ordinal))).AbsolutePath;
        using var eva = portal.NewPerson();
        await eva.GetAsync(link);
        Assert.Equal(PortalApp.SignIn.SignInPaths.NewPassword, (await eva.PostAsync(link, "welcome")).Location);
    }

    [Fact]
    public async Task Audit_and_overview_are_clean_and_tell_who_did_what_by_name()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        var ground = new ReportGround(portal.Services, portal.Tenant.Id, portal.Clock.GetUtcNow());
        await ground.HappenedAsync(AuditEventId.ResetDone, "Applied", "None", 3, anna.Id);
        await ground.HappenedAsync(AuditEventId.ResetFailed, "Rejected", "InHistory", 2, anna.Id, trace: "K4T9-83QX");
        await ground.HappenedAsync(AuditEventId.ResetRefused, null, "NoLicence", 1, anna.Id);
        await ground.HappenedAsync(AuditEventId.GateLocked, null, null, 1, anna.Id);
        await ground.HappenedAsync(
            AuditEventId.SyncObjectRefused,
            null,
            null,
            2,
            "noor@corp.test",
            detail: "its user ID is somebody else’s"
        );
        await ground.LimitedAsync(anna.Id, total: 100, ofStrangers: 80);
        foreach (var _ in Enumerable.Range(0, 12))
        {
            await ground.HappenedAsync(AuditEventId.ChangeFailed, "NotAttempted", "Protected", 0);
        }

        await using var tab = await OpenAsync(portal, admin, "/desk");
        await tab.LookAsync("desk-overview");
        await tab.Page.Keyboard.PressAsync("/");
        await Expect(tab.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Find a user or a trace" })).ToBeFocusedAsync();
        await tab
            .Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })
            .GetByRole(AriaRole.Link, new() { Name = "Audit" })
            .ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Audit");
        await Expect(tab.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Signed in" })).ToContainTextAsync("admin@cloud.test");
        await tab.LookAsync("desk-audit");

        await tab
            .Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })
            .GetByRole(AriaRole.Link, new() { Name = "Reports" })
            .ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 2 }).First)
            .ToHaveTextAsync("1 of 2 people can reset their password today");
        await tab.LookAsync("desk-reports");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Resets and changes" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 2 }).First).ToHaveTextAsync("1 of 15 ended in a new password");
        await tab.Page.GetByText("Show the numbers").ClickAsync();
        await tab.LookAsync("desk-reports-resets");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "used before" }).First.ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 2 }).First).ToHaveTextAsync("0 of 1 ended in a new password");
        await Expect(tab.Page.GetByRole(AriaRole.Cell, new() { Name = "K4T9-83QX" })).ToBeVisibleAsync();
        foreach (
            var (report, lead) in new[]
            {
                ("Limited", "People who are limited today: 1"),
                ("Contact data", "1 of 2 people"),
                ("Synchronisation", "Directories that"),
            }
        )
        {
            await tab.Page.GetByRole(AriaRole.Link, new() { Name = report, Exact = true }).ClickAsync();
            await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 2 }).First).ToContainTextAsync(lead);
            await tab.LookAsync($"desk-reports-{report.ToLowerInvariant().Replace(' ', '-')}");
        }
    }

    private static Task<Role> RoleAsync(ResetPortal portal, string name) =>
        portal.WithDbAsync(db => db.Set<User>().Where(u => u.UserPrincipalName == name).Select(u => u.Role).SingleAsync());

    private async Task<BrowserTab> OpenAsync(ResetPortal portal, DeskPerson admin, string path)
    {
        var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.SignInAsync(admin, portal.Address);
        await tab.Page.GotoAsync(path);
        return tab;
    }
}
