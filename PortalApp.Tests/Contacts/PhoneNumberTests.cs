using Portal.Contacts;

namespace PortalApp.Tests.Contacts;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("+31 612345678", "+31612345678")]
    [InlineData("+1 1234567890", "+11234567890")]
    [InlineData(" +1 1234567890x1234 ", "+11234567890")]
    [InlineData("+358 401234567", "+358401234567")]
    public void A_number_of_the_usual_form_is_called_without_its_space_and_extension(string typed, string called) =>
        Assert.Equal(called, PhoneNumber.TryParse(typed)?.Callable);

    [Fact]
    public void An_extension_stays_in_the_data() => Assert.Equal("+1 1234567890x1234", PhoneNumber.TryParse("+1 1234567890x1234")?.Value);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0612345678")]
    [InlineData("+31612345678")]
    [InlineData("+31  612345678")]
    [InlineData("+31 6 12345678")]
    [InlineData("+31 6-12345678")]
    [InlineData("+0 612345678")]
    [InlineData("+3112 612345678")]
    [InlineData("+31 123")]
    [InlineData("+31 1234567890123456")]
    [InlineData("+31 612345678x")]
    [InlineData("+31 ٦١٢٣٤٥٦٧٨")]
    [InlineData("+31\t612345678")]
    public void Another_form_is_no_number(string? typed) => Assert.Null(PhoneNumber.TryParse(typed));

    [Theory]
    [Trait("Case", "H111")]
    [InlineData("+31 612345678\r\nX: 1")]
    [InlineData("+31 612345678\n+31 612345679")]
    [InlineData("+31 6123\u000045678")]
    public void A_line_end_or_control_character_is_no_part_of_a_number(string typed) => Assert.Null(PhoneNumber.TryParse(typed));
}
