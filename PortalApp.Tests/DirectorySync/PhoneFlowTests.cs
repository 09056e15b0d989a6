using Agent.DirectorySync;

namespace PortalApp.Tests.DirectorySync;

public sealed class PhoneFlowTests
{
    private static readonly PhoneFlow OfNoCountry = new(country: null);

    [Theory]
    [InlineData("+31 612345678", "+31 612345678")]
    [InlineData("+31612345678", "+31 612345678")]
    [InlineData("+31 (0)6 1234 5678", "+31 612345678")]
    [InlineData("+31 6-12.34/56 78", "+31 612345678")]
    [InlineData("0031 6 12345678", "+31 612345678")]
    [InlineData("00 31 6 12345678", "+31 612345678")]
    [InlineData(" +31 6 12345678 ", "+31 612345678")]
    [InlineData("tel:+31612345678", "+31 612345678")]
    [InlineData("Tel: +31 6 12345678", "+31 612345678")]
    [InlineData("tel:+44-20-7946-0958;ext=12", "+44 2079460958x12")]
    [InlineData("+1 (212) 555-0100", "+1 2125550100")]
    [InlineData("+1 1234567890x1234", "+1 1234567890x1234")]
    [InlineData("+1 212 555 0100 ext. 12", "+1 2125550100x12")]
    [InlineData("+1 212 555 0100 #12", "+1 2125550100x12")]
    [InlineData("+7 495 123-45-67", "+7 4951234567")]
    [InlineData("+39 06 6982 1234", "+39 0669821234")]
    [InlineData("+39 (0)6 6982 1234", "+39 0669821234")]
    [InlineData("+39 (0)6 1234567", "+39 061234567")]
    [InlineData("+44 02079460958", "+44 2079460958")]
    [InlineData("+44 20 7946–0958", "+44 2079460958")]
    [InlineData("+44\u202F20\u00A07946\u20090958", "+44 2079460958")]
    [InlineData("\u202A+44 20\u200E 7946 0958\u202C", "+44 2079460958")]
    [InlineData("(+44) 20 7946 0958", "+44 2079460958")]
    [InlineData("+352 27 12 34 56", "+352 27123456")]
    [InlineData("+420 224 123 456", "+420 224123456")]
    [InlineData("+599 91234567", "+599 91234567")]
    [InlineData("+86 139 1234 5678", "+86 13912345678")]
    [InlineData("+886 912 345 678", "+886 912345678")]
    [InlineData("+996 312 123456", "+996 312123456")]
    [InlineData("+٣١ ٦١٢٣٤٥٦٧٨", "+31 612345678")]
    public void A_number_with_a_country_code_flows_in_one_form(string held, string flows) =>
        Assert.Equal(flows, OfNoCountry.Normalise(held));

    [Theory]
    [InlineData("NL", "06 12345678", "+31 612345678")]
    [InlineData("NL", "(020) 123 4567", "+31 201234567")]
    [InlineData("NL", "0031 6 12345678", "+31 612345678")]
    [InlineData("NL", "+44 20 7946 0958", "+44 2079460958")]
    [InlineData("IT", "06 6982 1234", "+39 0669821234")]
    [InlineData("DE", "089/12 34 56", "+49 89123456")]
    [InlineData("DE", "49 89 123456", "+49 89123456")]
    [InlineData("US", "(212) 555-0100", "+1 2125550100")]
    [InlineData("US", "212-555-0100 x12", "+1 2125550100x12")]
    [InlineData("US", "011 31 6 12345678", "+31 612345678")]
    public void A_number_without_one_is_read_in_the_agents_country(string country, string held, string flows) =>
        Assert.Equal(flows, new PhoneFlow(country).Normalise(held));

    [Theory]
    [InlineData(null, "06 12345678")]
    [InlineData(null, "internal 4711")]
    [InlineData(null, "+31 6 1234 5678 or +31 20 123 4567")]
    [InlineData(null, "+31 6 1234 5678/79")]
    [InlineData(null, "+31 6 1234 5678 Anna")]
    [InlineData(null, "+44 20 7946 0958, 12")]
    [InlineData(null, "+44 (020) 7946 0958 / 0959")]
    [InlineData(null, "+31")]
    [InlineData(null, "+0 612345678")]
    [InlineData(null, "+31 061234567")]
    [InlineData(null, "+31 6 1234")]
    [InlineData(null, "+31 61234567890123456")]
    [InlineData(null, "+39 6 6982 1234")]
    [InlineData(null, "+599 9 123 4567")]
    [InlineData(null, "+1 800 FLOWERS")]
    [InlineData("NL", "612345678")]
    [InlineData("NL", "4711")]
    [InlineData("NL", "0031 6 1234 5678 90")]
    [InlineData("US", "2024-11-26")]
    [InlineData("US", "0031 6 12345678")]
    public void A_number_that_is_not_certain_flows_as_none(string? country, string held) =>
        Assert.Null(new PhoneFlow(country).Normalise(held));

    [Theory]
    [Trait("Case", "H111")]
    [InlineData("+31 612345678\r\nBcc: x")]
    [InlineData("+31 612345678\n+31 612345679")]
    [InlineData("+31 6123\u000045678")]
    [InlineData("+31 612345678\u2028x")]
    public void A_line_end_or_control_character_is_no_part_of_a_number(string held) => Assert.Null(OfNoCountry.Normalise(held));

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("  ", null)]
    [InlineData("4711", "telephoneNumber")]
    public void No_number_is_not_an_unusable_one(string? held, string? unusable) =>
        Assert.Equal(
            unusable is null ? [] : [unusable],
            SyncRules.Apply(SyncAccounts.New(1) with { TelephoneNumber = held }, OfNoCountry)!.Unusable
        );
}
