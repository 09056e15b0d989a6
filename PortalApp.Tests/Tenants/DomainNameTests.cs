using Portal.Tenants;

namespace PortalApp.Tests.Tenants;

public sealed class DomainNameTests
{
    [Theory]
    [InlineData("Corp.TEST", "corp.test")]
    [InlineData(" mail.corp-2.example ", "mail.corp-2.example")]
    [InlineData("黒川.日本", "黒川.日本")]
    [InlineData("xn--5rtw95l.XN--wgv71a", "黒川.日本")]
    [InlineData("黒川。日本", "黒川.日本")]
    [InlineData("ｃｏｒｐ．ｔｅｓｔ", "corp.test")]
    [InlineData("bücher.example", "bücher.example")]
    [InlineData("BU\u0308CHER.Example", "bücher.example")]
    [InlineData("XN--Bcher-Kva.example", "bücher.example")]
    [InlineData("straße.example", "straße.example")]
    [InlineData("xn--strae-oqa.example", "straße.example")]
    [InlineData("strasse.example", "strasse.example")]
    [InlineData("пример.рф", "пример.рф")]
    [InlineData("παράδειγμα.example", "παράδειγμα.example")]
    [InlineData("דוגמה.example", "דוגמה.example")]
    [InlineData("ab--cd.example", "ab--cd.example")]
    public void A_domain_has_one_form_in_both_spellings(string typed, string held)
    {
        Assert.Equal(held, DomainName.TryParse(typed));
        Assert.Equal(held, DomainName.TryParse(held));
        Assert.Equal(held, UserPrincipalName.TryParse("anna@" + typed.Trim())!.Domain);
    }

    [Theory]
    [Trait("Case", "H54")]
    [InlineData("c\u043Erp.test")]
    [InlineData("\u0430\u0440\u0440\u04CF\u0435.example")]
    [InlineData("\u03BF\u03C1\u03B5\u03BD.example")]
    [InlineData("corp\u0561.test")]
    [InlineData("corp\u01C3.test")]
    public void A_domain_that_looks_like_another_is_shown_as_it_is_encoded(string typed)
    {
        var held = DomainName.TryParse(typed);

        Assert.StartsWith("xn--", held, StringComparison.Ordinal);
        Assert.Equal(held, DomainName.TryParse(held));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("corp")]
    [InlineData("anna@corp.test")]
    [InlineData("corp..test")]
    [InlineData("corp.test.")]
    [InlineData("-corp.test")]
    [InlineData("corp-.test")]
    [InlineData("corp_x.test")]
    [InlineData("corp test.example")]
    [InlineData("cor\np.test")]
    [InlineData("https://corp.test")]
    [InlineData("co\u200Drp.test")]
    [InlineData("☃.example")]
    [InlineData("xn--n3h.example")]
    [InlineData("xn--corp-.test")]
    [InlineData("xn--a.test")]
    [InlineData("\u0301corp.test")]
    [InlineData("corpא.test")]
    public void Another_form_is_no_domain(string? typed) => Assert.Null(DomainName.TryParse(typed));

    [Fact]
    public void Its_length_is_that_of_its_encoded_form()
    {
        Assert.NotNull(DomainName.TryParse(new string('a', 63) + ".example"));
        Assert.Null(DomainName.TryParse(new string('a', 64) + ".example"));
        Assert.Null(DomainName.TryParse(new string('ü', 60) + ".example"));
        Assert.Null(DomainName.TryParse(string.Join('.', Enumerable.Repeat(new string('a', 60), 5))));
    }
}
