using Portal.Tenants;

namespace PortalApp.Tests.Tenants;

public sealed class DomainNameTests
{
    [Theory]
    [InlineData("Corp.TEST", "corp.test")]
    [InlineData(" mail.corp-2.example ", "mail.corp-2.example")]
    [InlineData("黒川.日本", "黒川.日本")]
    public void A_domain_has_the_form_in_which_names_carry_it(string typed, string held)
    {
        Assert.Equal(held, DomainName.TryParse(typed));
        Assert.Equal(held, UserPrincipalName.TryParse("anna@" + typed.Trim())!.Domain);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("corp")]
    [InlineData("anna@corp.test")]
    [InlineData("corp..test")]
    [InlineData("-corp.test")]
    [InlineData("corp_x.test")]
    [InlineData("corp test.example")]
    [InlineData("cor\np.test")]
    [InlineData("https://corp.test")]
    public void Another_form_is_no_domain(string? typed) => Assert.Null(DomainName.TryParse(typed));
}
