using MimeKit;
using Portal.Contacts;

namespace PortalApp.Tests.Contacts;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("anna@corp.example")]
    [InlineData(" anna.b+reset@mail.corp.example ")]
    [InlineData("o'neil_1@corp-2.example")]
    [InlineData("甲斐@黒川.日本")]
    [InlineData("grå@blå.example")]
    public void A_usual_address_is_taken_and_a_mail_can_carry_it(string typed)
    {
        var address = EmailAddress.TryParse(typed);

        Assert.Equal(typed.Trim(), address?.Value);
        Assert.True(MailboxAddress.TryParse(address!.Value, out var carried));
        Assert.Equal(address.Value, carried.Address);
    }

    [Fact]
    public void Its_domain_stands_behind_the_at() => Assert.Equal("黒川.日本", EmailAddress.TryParse("甲斐@黒川.日本")?.Domain);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("anna")]
    [InlineData("@corp.example")]
    [InlineData("anna@")]
    [InlineData("anna@b@corp.example")]
    [InlineData("anna b@corp.example")]
    [InlineData("Anna <anna@corp.example>")]
    [InlineData("anna@corp.example,ben@corp.example")]
    [InlineData("anna@corp.example;ben@corp.example")]
    [InlineData("\"anna\"@corp.example")]
    [InlineData("anna@[127.0.0.1]")]
    [InlineData("anna@corp..example")]
    [InlineData("anna.@carrier.example")]
    [InlineData(".anna@carrier.example")]
    [InlineData("an..na@carrier.example")]
    [InlineData("anna\u200B@corp.example")]
    [InlineData("\u202Eanna@corp.example")]
    [InlineData("anna@.example")]
    [InlineData("\ud800anna@corp.example")]
    public void Another_form_is_no_address(string? typed) => Assert.Null(EmailAddress.TryParse(typed));

    [Theory]
    [Trait("Case", "H111")]
    [InlineData("anna@corp.example\r\nBcc: eve@evil.example")]
    [InlineData("anna\n@corp.example")]
    [InlineData("anna@corp\u0000.example")]
    [InlineData("anna@corp.example\u2028x")]
    public void A_line_end_or_control_character_is_no_part_of_an_address(string typed) => Assert.Null(EmailAddress.TryParse(typed));

    [Fact]
    public void It_has_254_characters_at_most()
    {
        const string domain = "@corp.example";

        Assert.NotNull(EmailAddress.TryParse(new string('a', 254 - domain.Length) + domain));
        Assert.Null(EmailAddress.TryParse(new string('a', 255 - domain.Length) + domain));
    }
}
