using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Writeback;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Disputes;
using PortalApp.Tests.EndToEnd;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Gates;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;

namespace PortalApp.Tests.PasswordReset;

/// <summary>Every page of the wizard in Chromium: no axe violation, no breach of the content policy, nothing wider than the screen; a picture of each.</summary>
public sealed class PageLookTests(BrowserFixture browser)
{
    private const string Mail = "anna@look.example";

    [Fact]
    public async Task Every_page_of_a_reset_is_clean()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        var look = new Look(tab);
        var anna = new Wizard(tab);

        await tab.Page.GotoAsync("/sign-in");
        await look.AtAsync("sign-in", "Sign in");
        await tab.Page.GotoAsync("/reset");
        await look.AtAsync("begin", "Which account");
        await anna.IdentifyAsync("nonsense");
        await look.AtAsync("begin-wrong", "Which account", focused: ".error-summary");
        await anna.IdentifyAsync("someone@unknown.test");
        await look.AtAsync("refused", "cannot be reset here");
        await anna.IdentifyAsync("anna@corp.test");
        await look.AtAsync("code", "We sent you a code");
        await anna.TypeCodeAsync("00000000");
        await look.AtAsync("code-wrong", "We sent you a code", focused: ".error-summary");
        await anna.TypeCodeAsync("");
        await look.AtAsync("code-missing", "We sent you a code", focused: ".error-summary");
        for (var again = 1; again < Limits.Standard.TriesPerCode; again++)
        {
            await anna.TypeCodeAsync($"0000000{again}");
        }

        await look.AtAsync("code-tried", "Ask for a code", focused: ".error-summary");
        portal.Clock.Advance(Limits.Standard.CodeWait);
        await tab.Page.ReloadAsync();
        await anna.PressAsync("Send a new code");
        await look.AtAsync("code-again", "We sent you a code");

        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await look.AtAsync("checking", "Asking your organisation");
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.NotAttempted(WritebackReason.NoAgent, null));
        await look.AtAsync("not-reached", "does not answer");
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await anna.PressAsync("Try again");
        await look.AtAsync("checking-again", "Asking your organisation");
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        await look.AtAsync("password", "Choose a new password", focused: "h1");

        await tab.Page.GetByLabel("New password", new() { Exact = true }).FillAsync("Winter haven 62");
        await Assertions.Expect(tab.Page.Locator("[data-rule=length].met, [data-rule=kinds].met")).ToHaveCountAsync(2);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).First.ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#password")).ToHaveAttributeAsync("type", "text");
        await look.AtAsync("password-shown", "Choose a new password");
        await anna.PressAsync("Finish");
        await look.AtAsync("password-wrong", "Choose a new password", focused: ".error-summary");
        await anna.TypePasswordAsync("Winter haven 62");
        await look.AtAsync("setting", "Setting your new password");
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Rejected(WritebackReason.InHistory, null));
        await look.AtAsync("password-refused", "Choose a new password", focused: ".error-summary");
        await Assertions.Expect(anna.Alert).ToContainTextAsync("You have used this password before");

        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await anna.TypePasswordAsync("Another haven 63");
        await look.AtAsync("setting-again", "Setting your new password");
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(true));
        await look.AtAsync("done", "Your password has been reset", focused: "h1");
        await tab.Page.GoBackAsync();
        await anna.ExpectDoneAsync();
        await tab.Page.GotoAsync(DisputeTests.LinkIn((await portal.MailsToAsync(Mail)).Last(mail => mail.Html is not null).Text));
        await look.AtAsync("not-me", "Was it not you?");
        await anna.PressAsync("It wasn’t me");
        await look.AtAsync("not-me-done", "Your account is locked");
    }

    [Fact]
    public async Task Every_page_of_a_choice_is_clean()
    {
        var (words, others) = (new WordGate(99, "Answer my security questions"), new WordGate(98, "Use a recovery code"));
        await using var portal = await ResetPortal.StartAsync(null, words, others);
        await portal.RequireGatesAsync(2);
        words.Agreed[(await portal.AddUserAsync("anna", Mail)).Id] = ("open", "sesame");
        others.Agreed[words.Agreed.Keys.Single()] = ("open", "sesame");
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        var look = new Look(tab);
        var anna = new Wizard(tab);

        await anna.IdentifyAsync("anna@corp.test");
        await look.AtAsync("method", "How can we reach you?");
        await anna.PressAsync("E-mail me at •••@l•••.example");
        await look.AtAsync("code-chosen", "We sent you a code");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Choose another way" }).ClickAsync();
        await look.AtAsync("method-another", "How can we reach you?");
        await anna.PressAsync("Answer my security questions");
        await look.AtAsync("words", "Which words");
        await anna.PressAsync("Next");
        await look.AtAsync("words-missing", "Which words", focused: ".error-summary");
        await tab.Page.GetByLabel("First word").FillAsync("open");
        await tab.Page.GetByLabel("Second word").FillAsync("sesame");
        await anna.PressAsync("Next");
        await look.AtAsync("method-second", "How can we reach you?");
    }

    [Fact]
    public async Task Every_end_of_a_reset_is_clean()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        var look = new Look(tab);
        var anna = new Wizard(tab);

        await ReachPasswordAsync(portal, anna);
        await anna.TypePasswordAsync("Winter haven 62");
        await anna.ExpectHeadingAsync("Setting your new password");
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Unknown(WritebackReason.AnswerLost, null));
        await look.AtAsync("unknown", "We do not know");

        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await anna.IdentifyAsync("anna@corp.test");
        await anna.ExpectCodePageAsync();
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await anna.ExpectHeadingAsync("Asking your organisation");
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.NotAttempted(WritebackReason.Protected, null));
        await look.AtAsync("protected", "cannot be reset here");

        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await anna.IdentifyAsync("anna@corp.test");
        await anna.ExpectCodePageAsync();
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await anna.ExpectHeadingAsync("Asking your organisation");
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.NotAttempted(WritebackReason.Disabled, null));
        await look.AtAsync("disabled", "disabled");

        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await anna.IdentifyAsync("anna@corp.test");
        await anna.ExpectCodePageAsync();
        portal.Clock.Advance(Limits.Standard.FlowLifetime);
        await tab.Page.GotoAsync(ResetPaths.Verify);
        await look.AtAsync("expired", "This reset has ended");
        await tab.Page.GotoAsync("/no-such-page");
        await look.AtAsync("not-found", "There is no such page");
    }

    [Fact]
    public async Task Every_refusal_beside_the_way_is_clean()
    {
        await using var portal = await ResetPortal.StartAsync(app =>
        {
            foreach (var status in new[] { 400, 403, 405, 413, 429, 500 })
            {
                app.MapGet($"/told/{status}", () => Microsoft.AspNetCore.Http.Results.StatusCode(status));
            }
        });
        await portal.AddTenantAsync("Closed", "closed.test", Portal.Tenants.PasswordManagement.Federated, enabled: false);
        await portal.AddUserAsync("anna", Mail);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        var look = new Look(tab);
        var anna = new Wizard(tab);

        foreach (var (status, heading) in Told)
        {
            await tab.Page.GotoAsync($"/told/{status}");
            await look.AtAsync($"told-{status}", heading);
        }

        await anna.IdentifyAsync("anybody@closed.test");
        await look.AtAsync("closed", "cannot be reset here");
        portal.Agent.Health = new WritebackResult.NotAttempted(WritebackReason.DirectoryUnreachable, null);
        portal.Clock.Advance(TimeSpan.FromSeconds(10));
        await anna.IdentifyAsync("anna@corp.test");
        await look.AtAsync("unreachable", "cannot be reset here");
    }

    [Fact]
    public async Task Every_last_word_is_clean()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        var look = new Look(tab);
        var anna = new Wizard(tab);

        await tab.Page.GotoAsync("/reset?moved=1");
        await look.AtAsync("moved", "Which account");
        await ReachPasswordAsync(portal, anna);
        for (var attempt = 0; attempt < Limits.Standard.SetsPerFlow; attempt++)
        {
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
            await anna.TypePasswordAsync("Winter haven 62");
            await anna.ExpectHeadingAsync("Setting your new password");
            await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Rejected(WritebackReason.InHistory, null));
            await Assertions.Expect(anna.Heading).Not.ToContainTextAsync("Setting", new() { Timeout = 30_000 });
        }

        await look.AtAsync("too-many", "That was the last try");
        await tab.Page.GotoAsync("/outbox");
        await look.AtAsync("outbox", "Outbox");

        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await anna.IdentifyAsync("anna@corp.test");
        await anna.ExpectCodePageAsync();
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        for (var asked = 0; asked <= Limits.Standard.SetsPerFlow; asked++)
        {
            await anna.ExpectHeadingAsync("Asking your organisation");
            await portal.AnswerAsync(RequestKind.Check, new WritebackResult.NotAttempted(WritebackReason.NoAgent, null));
            await anna.ExpectHeadingAsync("does not answer");
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
            await anna.PressAsync("Try again");
        }

        await look.AtAsync("asked-enough", "We have asked often enough");
    }

    private static readonly (int Status, string Heading)[] Told =
    [
        (400, "We could not read that form"),
        (403, "This page was open too long"),
        (405, "That is not taken here"),
        (413, "That was too much"),
        (429, "Too many tries from your network"),
        (500, "Something went wrong on our side"),
    ];

    private static async Task ReachPasswordAsync(ResetPortal portal, Wizard anna)
    {
        await anna.IdentifyAsync("anna@corp.test");
        await anna.ExpectCodePageAsync();
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await anna.ExpectHeadingAsync("Asking your organisation");
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        await anna.ExpectPasswordPageAsync();
    }

    private sealed class Look(BrowserTab tab)
    {
        public async Task AtAsync(string name, string heading, string? focused = null)
        {
            await new Wizard(tab).ExpectHeadingAsync(heading);
            if (focused is not null)
            {
                await Assertions.Expect(tab.Page.Locator(focused)).ToBeFocusedAsync();
                Assert.Equal(focused == ".error-summary", (await tab.Page.TitleAsync()).StartsWith("Error:", StringComparison.Ordinal));
            }

            await tab.LookAsync(name);
        }
    }

    [Fact]
    public async Task What_strangers_bring_about_is_clean()
    {
        await using var portal = await ResetPortal.StartAsync();
        var held = await portal.AddUserAsync("anna", Mail);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        var look = new Look(tab);
        var anna = new Wizard(tab);
        await GuessAtManyAsync(portal);
        await anna.IdentifyAsync("anna@corp.test");
        await look.AtAsync("second-check", "Which account can you not get into?", focused: ".error-summary");
        await GuessFromEverywhereAsync(portal, held.Id);
        await anna.PressAsync("Next");
        await look.AtAsync("limited", "This account is limited");
    }

    private static async Task GuessAtManyAsync(ResetPortal portal)
    {
        for (var guess = 0; guess < Limits.Standard.FailuresOfTenant.Most; guess++)
        {
            await portal.Services.GetRequiredService<FailureBudgets>().CountAsync(portal.Tenant.Id, default);
        }
    }

    private static Task<bool> GuessFromEverywhereAsync(ResetPortal portal, string person) =>
        portal.WithDbAsync(async db =>
        {
            for (var guess = 0; guess < Limits.Standard.FailuresOfStrangers; guess++)
            {
                Caller caller = new(new($"203.0.{guess}.0/24"), Familiarity.Stranger);
                await portal.Services.GetRequiredService<FailureStore>().TakeAsync(db, portal.Tenant.Id, person, caller, default);
            }

            return true;
        });
}
