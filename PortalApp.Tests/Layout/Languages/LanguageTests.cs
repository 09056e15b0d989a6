using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Layout.Languages;
using PortalApp.PasswordReset.Flows;
using PortalApp.SignIn;
using PortalApp.Tenants;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Layout.Languages;

/// <summary>In which language a page is read: the person's setting, this browser's choice, the browser's own languages, English.</summary>
public sealed class LanguageTests
{
    private const string Dutch = "Op welk account";
    private const string English = "Which account";

    [Theory]
    [InlineData("nl", Dutch)]
    [InlineData("nl-BE,en;q=0.5", Dutch)]
    [InlineData("fr,nl;q=0.8,en;q=0.7", Dutch)]
    [InlineData("en-GB,nl;q=0.9", English)]
    [InlineData("fr", English)]
    [InlineData("", English)]
    [InlineData(";;q=,\"nl\u007f, nl nl;q=9", English)]
    public async Task A_browser_is_answered_in_the_first_of_its_languages_that_is_spoken(string languages, string heading)
    {
        await using var portal = await ResetPortal.StartAsync();
        using var http = portal.NewClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", languages);

        var page = await http.GetStringAsync("/reset");

        Assert.Contains(heading, page, StringComparison.Ordinal);
        Assert.Contains(heading == Dutch ? "<html lang=\"nl\">" : "<html lang=\"en\">", page, StringComparison.Ordinal);
        Assert.Contains(
            heading == Dutch ? "Deze pagina bestaat niet" : "There is no such page",
            await AsBrowserAsync(http, "/no-such-page"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_thousand_languages_are_not_looked_at()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var http = portal.NewClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation(
            "Accept-Language",
            string.Join(',', Enumerable.Range(0, 1000).Select(n => $"x{n}-aa")) + ",nl;q=0.1"
        );

        Assert.Contains(English, await http.GetStringAsync("/reset"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anna@corp.test")]
    [InlineData("nobody@corp.test")]
    public async Task A_tenants_language_is_spoken_where_neither_the_person_nor_the_browser_says_one(string name)
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@gmail.example");
        await portal.WithDbAsync(db => db.Set<Tenant>().ExecuteUpdateAsync(set => set.SetProperty(t => t.Language, "nl")));
        using var silent = portal.NewPerson();
        using var chosen = portal.NewPerson();
        await chosen.GetAsync("/reset");
        await chosen.ChooseLanguageAsync("en", "/reset");

        Assert.Contains("<html lang=\"nl\">", await CodePageAsync(silent), StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", await CodePageAsync(chosen), StringComparison.Ordinal);

        async Task<string> CodePageAsync(Person person)
        {
            await person.BeginAsync(name);
            return (await person.GetAsync(ResetPaths.Verify)).Html;
        }
    }

    [Fact]
    public async Task What_is_chosen_in_a_browser_stays_and_leads_back()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();

        var page = await person.GetAsync("/reset?username=anna@corp.test");
        Assert.Contains("name=\"return\" value=\"/reset?username=anna@corp.test\"", page.Html, StringComparison.Ordinal);
        var chosen = await person.ChooseLanguageAsync("nl", "/reset?username=anna@corp.test");

        Assert.Equal((HttpStatusCode.SeeOther, "/reset?username=anna@corp.test"), (chosen.Status, chosen.Location));
        Assert.StartsWith("__Host-language=", chosen.Headers["Set-Cookie"], StringComparison.Ordinal);
        Assert.Contains("path=/; secure; samesite=strict; httponly", chosen.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
        Assert.Contains(Dutch, (await person.GetAsync("/reset", ("Accept-Language", "en"))).Html, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Case", "H50")]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("/a\r\nb: c")]
    [InlineData("/é")]
    public async Task It_leads_nowhere_but_here(string back)
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();

        Assert.Equal(SignInPaths.Account, (await person.ChooseLanguageAsync("nl", back)).Location);
    }

    [Theory]
    [InlineData("xx")]
    [InlineData("")]
    [InlineData("zz-nl")]
    public async Task A_language_that_is_not_spoken_is_not_taken(string language)
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();

        var answer = await person.ChooseLanguageAsync(language, "/reset");
        person.SetCookie(LanguageCookie.Name, $"c={language}|uic={language}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.DoesNotContain("Set-Cookie", answer.Headers.Keys);
        Assert.Contains(English, (await person.GetAsync("/reset")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_other_site_chooses_a_language_for_somebody()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();

        var answer = await person.PostRawAsync(
            LanguageForm.Path,
            [(LanguageForm.Language, "nl"), (LanguageForm.Return, "/reset")],
            ("Sec-Fetch-Site", "cross-site"),
            ("Origin", "https://evil.example")
        );

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.DoesNotContain("Set-Cookie", answer.Headers.Keys);
    }

    [Fact]
    public async Task A_persons_own_language_comes_before_what_a_browser_says()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var eva = await DeskPerson.SetUpAsync(portal, "eva", Role.Administrator);
        await eva.Browser.ChooseLanguageAsync("nl", SignInPaths.Account);
        Assert.Equal(
            "nl",
            await portal.WithDbAsync(db => db.Set<User>().Where(u => u.UserPrincipalName == eva.Name).Select(u => u.Language).SingleAsync())
        );

        eva.Browser.SetCookie(LanguageCookie.Name, "c=en|uic=en");

        Assert.Contains("Je bent ingelogd als", (await eva.Browser.GetAsync(SignInPaths.Account)).Text, StringComparison.Ordinal);
        Assert.Contains("Overzicht", (await eva.Browser.GetAsync(SignInPaths.Desk)).Text, StringComparison.Ordinal);
        Assert.Contains(English, (await eva.Browser.GetAsync("/reset")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_in_dutch_is_written_about_in_dutch()
    {
        const string mail = "anna@gmail.example";
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", mail);
        using var anna = portal.NewPerson();
        await anna.GetAsync("/reset");
        await anna.ChooseLanguageAsync("nl", "/reset");

        await portal.ReachPasswordAsync(anna, "anna@corp.test", mail);
        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(true));

        var mails = await portal.MailsToAsync(mail);
        var code = Assert.Single(mails, m => m.Subject == "Je verificatiecode voor Corp Test");
        var notice = Assert.Single(mails, m => m.Subject == "Je nieuwe wachtwoord bij Corp Test is ingesteld");
        Assert.Contains("Hij werkt één keer, binnen 10 minuten.", code.Text, StringComparison.Ordinal);
        Assert.Contains("Was jij dat niet, bel dan meteen de helpdesk van Corp Test", notice.Text, StringComparison.Ordinal);
    }

    private static async Task<string> AsBrowserAsync(HttpClient http, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
