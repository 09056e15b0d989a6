using Agent.DirectorySync;

namespace PortalApp.Tests.DirectorySync;

public sealed class PhoneFlowTests
{
    [Theory]
    [InlineData("+31 612345678", "+31 612345678")]
    [InlineData("+31612345678", "+31 612345678")]
    [InlineData("+31 (0)6 1234 5678", "+31 612345678")]
    [InlineData("+31 6-12.34/56 78", "+31 612345678")]
    [InlineData("0031 6 12345678", "+31 612345678")]
    [InlineData(" +31 6 12345678 ", "+31 612345678")]
    [InlineData("+1 (212) 555-0100", "+1 2125550100")]
    [InlineData("+1 1234567890x1234", "+1 1234567890x1234")]
    [InlineData("+1 212 555 0100 ext. 12", "+1 2125550100x12")]
    [InlineData("+7 495 123-45-67", "+7 4951234567")]
    [InlineData("+39 06 6982 1234", "+39 0669821234")]
    [InlineData("+352 27 12 34 56", "+352 27123456")]
    [InlineData("+420 224 123 456", "+420 224123456")]
    [InlineData("+599 9 123 4567", "+599 91234567")]
    [InlineData("+86 139 1234 5678", "+86 13912345678")]
    [InlineData("+886 912 345 678", "+886 912345678")]
    [InlineData("+996 312 123456", "+996 312123456")]
    public void A_number_with_a_country_code_flows_in_one_form(string held, string flows) => Assert.Equal(flows, PhoneFlow.Normalise(held));

    [Theory]
    [InlineData("06 12345678")]
    [InlineData("internal 4711")]
    [InlineData("+31 6 1234 5678 or +31 20 123 4567")]
    [InlineData("+31")]
    [InlineData("+0 612345678")]
    [InlineData("+31 61234567890123456")]
    [InlineData("+٣١ ٦١٢٣٤٥٦٧٨")]
    [InlineData("+31 612345678\r\nBcc: x")]
    [InlineData("tel:+31612345678")]
    public void A_number_that_cannot_be_called_flows_as_none_and_counts_as_unusable(string held)
    {
        Assert.Null(PhoneFlow.Normalise(held));
        Assert.True(PhoneFlow.IsUnusable(held));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void No_number_is_not_an_unusable_one(string? held)
    {
        Assert.Null(PhoneFlow.Normalise(held));
        Assert.False(PhoneFlow.IsUnusable(held));
    }
}
