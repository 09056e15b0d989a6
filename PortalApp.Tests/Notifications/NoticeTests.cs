using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Gates;
using PortalApp.Notifications.Notices;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Gates;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;

namespace PortalApp.Tests.Notifications;

/// <summary>What a person reads of what was done with their account.</summary>
public sealed partial class NoticeTests
{
    private const string Mail = "anna@gmail.example";

    [Fact]
    public async Task A_reset_is_told_as_text_and_as_html_in_the_persons_own_language_whatever_the_page_spoke()
    {
        await using var portal = await ResetPortal.StartAsync();
        var user = await portal.AddUserAsync("anna", Mail);
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Language, "nl"))
        );
        using var anna = portal.NewPerson();

        await portal.ReachPasswordAsync(anna, "anna@corp.test", Mail);
        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(false));

        var notice = Assert.Single(await portal.MailsToAsync(Mail), m => m.Html is not null);
        Assert.Equal("Je nieuwe wachtwoord bij Corp Test is ingesteld", notice.Subject);
        Assert.Contains("Account: anna@corp.test\nOrganisatie: Corp Test", notice.Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("<html lang=\"nl\">", notice.Html, StringComparison.Ordinal);
        var html = WebUtility.HtmlDecode(notice.Html);
        Assert.All(notice.Text.Split('\n'), line => Assert.Contains(line.Trim(), html, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Administrators_hear_of_each_others_resets_where_the_policy_says_so(bool tells)
    {
        await using var portal = await ResetPortal.StartAsync();
        var user = await portal.AddUserAsync("anna", Mail);
        await portal.SetRoleAsync(user, Role.Administrator);
        await portal.SetRoleAsync(await portal.AddUserAsync("boss", "boss@gmail.example"), Role.Administrator);
        await portal.PublishAsync(terms => terms with { TellsAdministrators = tells });
        var secret = await portal.SetUpAppAsync(user);
        using var anna = portal.NewPerson();

        await anna.BeginAsync("anna@corp.test");
        await anna.ChooseAsync(GateMethod.AlternateEmail);
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await anna.AnswerAsync(GateMethod.AuthenticatorApp, portal.AppCode(secret));
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        await anna.GetAsync(ResetPaths.Password);
        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(false));

        var told = await portal.MailsToAsync("boss@gmail.example");
        Assert.Equal(tells ? ["The password of an administrator of Corp Test was reset"] : [], told.Select(m => m.Subject));
        Assert.All(told, m => Assert.Contains("anna@corp.test", m.Text, StringComparison.Ordinal));
        Assert.All(told, m => Assert.DoesNotContain(DisputeLink.Path, m.Text, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Case", "H111")]
    public void Whatever_is_called_like_markup_stays_text_and_nothing_is_fetched()
    {
        var letter = new Letter(
            CultureInfo.GetCultureInfo("en"),
            "<b>Corp</b>\r\nBcc: eve@evil.example",
            "One\n\n<img src=x>",
            "\"Foot\" & <i>"
        );

        var html = letter.Html();

        Assert.Contains("<p>&lt;img src=x&gt;</p>", html, StringComparison.Ordinal);
        Assert.Contains("&quot;Foot&quot; &amp; &lt;i&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)<(img|link|script|iframe)|url\\(|src=\"|@import", html);
    }

    [Fact]
    public void Its_colours_are_the_portals()
    {
        var sheet = File.ReadAllText(Path.Combine(Repository.Root, "PortalApp", "wwwroot", "portal.css"));
        var letter = new Letter(CultureInfo.GetCultureInfo("en"), "", "", "");

        Assert.All(Colour().Matches(letter.Html()), colour => Assert.Contains(colour.Value, sheet, StringComparison.Ordinal));
    }

    [GeneratedRegex("#[0-9a-f]{6}", RegexOptions.CultureInvariant)]
    private static partial Regex Colour();
}
