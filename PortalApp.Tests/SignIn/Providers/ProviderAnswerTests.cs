using Microsoft.EntityFrameworkCore;
using PortalApp.SignIn;
using PortalApp.SignIn.Attempts;
using PortalApp.SignIn.Providers;

namespace PortalApp.Tests.SignIn.Providers;

/// <summary>What browsers bring back from a real provider, and from elsewhere.</summary>
public sealed class ProviderAnswerTests(ProviderFixture providers) : IClassFixture<ProviderFixture>
{
    private static string Over => ProviderPerson.FailedWith(ProviderFault.Over);

    [Fact]
    public async Task An_answer_signs_in_once_and_in_the_browser_that_asked_alone()
    {
        await using var portal = await providers.StartPortalAsync();
        using var anna = portal.NewPerson();
        using var attacker = portal.NewPerson();
        var back = await providers.Provider.SignInAsync((await anna.TypeNameAsync("anna@corp.test")).Leads(), "anna");
        await attacker.TypeNameAsync("anna@corp.test");

        Assert.Equal(Over, (await attacker.GetAsync(back.PathAndQuery)).Location);
        Assert.Equal(Over, (await portal.NewPerson().GetAsync(back.PathAndQuery)).Location);
        var held = anna.SecondTab();
        Assert.Equal(SignInPaths.Account, (await anna.GetAsync(back.PathAndQuery)).Location);
        Assert.Equal(Over, (await held.GetAsync(back.PathAndQuery)).Location);
        Assert.Contains("Type your user ID to begin again", (await held.GetAsync(Over)).Text, StringComparison.Ordinal);
    }

    /// <summary>As somebody would who lures a signed-in colleague to a link of the attacker's own sign-in.</summary>
    [Fact]
    public async Task A_foreign_state_ends_nothing_and_a_code_of_another_sign_in_is_worth_nothing()
    {
        await using var portal = await providers.StartPortalAsync();
        using var anna = portal.NewPerson();
        using var ben = portal.NewPerson();
        var ofBen = await providers.Provider.SignInAsync((await ben.TypeNameAsync("ben@corp.test")).Leads(), "ben");
        var page = (await anna.TypeNameAsync("anna@corp.test")).Leads();

        Assert.Equal(Over, (await anna.FollowLinkFromElsewhereAsync(ofBen.PathAndQuery)).Location);
        var mixed = $"{SignInPaths.Returned}?state={page.Of("state")}&code={ofBen.Of("code")}&iss={Uri.EscapeDataString(ofBen.Of("iss"))}";
        Assert.Equal(ProviderPerson.FailedWith(ProviderFault.Untrusted), (await anna.GetAsync(mixed)).Location);
        Assert.False(await anna.IsInAsync());
    }

    [Theory]
    [InlineData("error=access_denied", ProviderFault.Denied)]
    [InlineData("code=", ProviderFault.Denied)]
    [InlineData("code=made-up", ProviderFault.Untrusted)]
    [InlineData("code=a&code=b", ProviderFault.Denied)]
    [InlineData("code=made-up&iss=https%3A%2F%2Felsewhere.example%2F", ProviderFault.Untrusted)]
    [InlineData("code=made-up&iss=", ProviderFault.Untrusted)]
    [InlineData("error=access_denied&iss=https%3A%2F%2Felsewhere.example%2F", ProviderFault.Untrusted)]
    public async Task What_the_provider_did_not_say_so_is_one_plain_sentence(string said, object fault)
    {
        await using var portal = await providers.StartPortalAsync();
        using var anna = portal.NewPerson();
        var page = (await anna.TypeNameAsync("anna@corp.test")).Leads();
        var issuer = said.Contains("iss=", StringComparison.Ordinal) ? "" : $"&iss={Uri.EscapeDataString(providers.Provider.Issuer)}";

        var answer = await anna.GetAsync($"{SignInPaths.Returned}?state={page.Of("state")}&{said}{issuer}");

        Assert.Equal(ProviderPerson.FailedWith((ProviderFault)fault), answer.Location);
        Assert.Empty(await portal.WithDbAsync(db => db.Set<Attempt>().ToListAsync()));
    }
}
