using System.Net;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Layout;

/// <summary>What a link on another site does to what stands open in another tab.</summary>
public sealed class LinksFromElsewhereTests
{
    private const string Mail = "anna@gmail.example";

    [Fact]
    public async Task A_link_to_the_first_page_in_a_second_tab_costs_no_form_that_stands_open()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        using var anna = portal.NewPerson();
        await anna.BeginAsync("anna@corp.test");
        await anna.GetAsync(ResetPaths.Verify);
        var cookies = anna.Cookies.ToDictionary();

        var second = anna.SecondTab();
        var page = await second.FollowLinkFromElsewhereAsync(ResetPaths.Begin);
        Assert.Contains("Which account", page.Html, StringComparison.Ordinal);
        Assert.Equal(cookies, second.Cookies);

        var passed = await anna.PostAsync(ResetPaths.Verify, Person.CodeForm, ("code", await portal.CodeToAsync(Mail)));
        Assert.Equal((HttpStatusCode.SeeOther, ResetPaths.Password), (passed.Status, passed.Location));
    }

    [Theory]
    [Trait("Case", "H50")]
    [InlineData("//evil.example/x")]
    [InlineData("/reset?username=%22%3E%3Cscript%3E")]
    [InlineData("/%0D%0ASet-Cookie:x")]
    public async Task It_leads_nowhere_but_here(string path)
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();

        var answer = await person.GetAsync(portal.Address.GetLeftPart(UriPartial.Authority) + path, Person.FromElsewhere);

        Assert.StartsWith("0;url=https://localhost/", answer.Headers["Refresh"], StringComparison.Ordinal);
        Assert.DoesNotContain("<script", answer.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", answer.Headers.Keys);
        HeadersTests.AssertHeaders(answer);
    }
}
