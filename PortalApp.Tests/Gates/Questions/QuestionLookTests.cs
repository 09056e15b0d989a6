using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PortalApp.Gates.Questions;
using PortalApp.Tests.EndToEnd;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Gates.Questions;

/// <summary>The questions at a reset, as a screen and a phone show them.</summary>
public sealed class QuestionLookTests(BrowserFixture browser)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_stand_on_one_page_and_say_of_no_answer_whether_it_was_right()
    {
        await using var portal = await ResetPortal.StartAsync();
        var user = await portal.AddUserAsync("anna", null);
        var right = await RegisterAsync(portal, user.Id);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        var anna = new Wizard(tab);

        await anna.IdentifyAsync("anna@corp.test");
        await anna.ExpectHeadingAsync("Answer your security questions");
        await tab.LookAsync("questions");
        await AnswerAsync(tab, question => right[question][1..]);
        await Assertions.Expect(anna.Alert).ToContainTextAsync("Not all of these answers are right");
        await tab.LookAsync("questions-wrong");
        await AnswerAsync(tab, question => right[question].ToUpperInvariant());
        await anna.ExpectHeadingAsync("Asking your organisation");
    }

    private static async Task AnswerAsync(BrowserTab tab, Func<string, string> answer)
    {
        var labels = await tab.Page.Locator("form .field label").AllInnerTextsAsync();
        Assert.Equal(3, labels.Count);
        foreach (var question in labels)
        {
            await tab.Page.GetByLabel(question, new() { Exact = true }).FillAsync(answer(question));
        }

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
    }

    /// <returns>The right answers by question.</returns>
    private static async Task<Dictionary<string, string>> RegisterAsync(ResetPortal portal, string userId)
    {
        var offered = (await portal.Services.GetRequiredService<QuestionStore>().OfferedAsync(portal.Tenant.Id, Ct)).Take(5).ToArray();
        var typed = offered.Select((q, at) => new TypedAnswer(q.Id, $"Right answer {at}")).ToArray();
        var judged = await portal.Services.GetRequiredService<AnswerStore>().JudgeAsync(portal.Tenant.Id, userId, typed, Ct);
        await portal.WithDbAsync(async db =>
        {
            await AnswerStore.ReplaceAsync(db, userId, Assert.IsType<AnswersJudged.Accepted>(judged).Rows, Ct);
            return await db.SaveChangesAsync(Ct);
        });
        return offered.Zip(typed).ToDictionary(q => q.First.TextIn(new("en")), q => q.Second.Answer);
    }
}
