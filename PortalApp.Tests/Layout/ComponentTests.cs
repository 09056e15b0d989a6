using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Policy;
using PortalApp.Layout;
using PortalApp.Passwords.Pages;

namespace PortalApp.Tests.Layout;

/// <summary>The parts that all pages are drawn with, each by itself.</summary>
public sealed class ComponentTests : BunitContext
{
    public ComponentTests() => Services.AddLocalization();

    [Theory]
    [InlineData(false, "How can we reach you? – Corp")]
    [InlineData(true, "Error: How can we reach you? – Corp")]
    public void A_pages_title_begins_with_its_question_and_says_when_something_is_wrong(bool wrong, string title)
    {
        var page = Render<PersonPage>(p =>
            p.Add(x => x.Heading, "How can we reach you?").Add(x => x.Tenant, "Corp").Add(x => x.Wrong, wrong)
        );

        Assert.Equal(title, page.Find("main").GetAttribute("data-title"));
        Assert.Equal("How can we reach you?", page.Find("h1").TextContent);
    }

    [Fact]
    public void The_helpdesk_stands_on_every_page_of_a_tenant()
    {
        var page = Render<PersonPage>(p =>
            p.Add(x => x.Heading, "Why").Add(x => x.Phone, "+31 201234567x89").Add(x => x.Email, "help@corp.example")
        );

        Assert.Equal("tel:+31201234567", page.Find("footer a[href^=tel]").GetAttribute("href"));
        Assert.Equal("+31 201234567x89", page.Find("footer a[href^=tel]").TextContent);
        Assert.Equal("mailto:help@corp.example", page.Find("footer a[href^=mailto]").GetAttribute("href"));
    }

    [Fact]
    [Trait("Case", "H99")]
    public void Script_in_a_tenants_name_is_inert()
    {
        const string script = "<script>alert(1)</script>";

        var page = Render<PersonPage>(p => p.Add(x => x.Heading, script).Add(x => x.Tenant, script).Add(x => x.Email, "\"><script>"));

        Assert.Empty(page.FindAll("script"));
        Assert.Equal(script, page.Find("h1").TextContent);
    }

    [Fact]
    public void A_summary_takes_the_focus_and_leads_to_the_field_on_its_own_page()
    {
        var summary = Render<ErrorSummary>(p =>
            p.Add(x => x.Heading, "That code is not right")
                .Add(x => x.Text, "Check it, or ask for a new one.")
                .Add(x => x.Field, "code")
                .Add(x => x.Page, "/reset/verify")
        );

        var box = summary.Find("[role=alert]");
        Assert.Equal("-1", box.GetAttribute("tabindex"));
        Assert.Equal("/reset/verify#code", box.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public void The_rules_that_are_shown_are_the_accounts_own()
    {
        var at = new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero);
        var strict = RulesOf(new(PolicySource.FineGrained, "Staff", 14, true, 24, true, at, ["anna"]));
        var blind = RulesOf(new(PolicySource.FineGrainedUnreadable, null, 0, false, 24, false, null, []));

        Assert.Equal(["length", "kinds", "names", "history"], strict.FindAll("li").Select(rule => rule.GetAttribute("data-rule") ?? ""));
        Assert.StartsWith("At least 14 characters", strict.Find("li").TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal("2026-11-25T09:00:00Z", strict.Find("time").GetAttribute("datetime"));
        Assert.Empty(blind.FindAll("li"));
        Assert.Contains("stricter", blind.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<RulesList> RulesOf(PasswordRules rules) => Render<RulesList>(p => p.Add(x => x.Rules, rules));
}
