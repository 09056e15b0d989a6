using PortalApp.Audit;

namespace PortalApp.Tests.Audit;

public sealed class OneLineTextTests
{
    [Theory]
    [Trait("Case", "H111")]
    [Trait("Case", "H112")]
    [InlineData("\u001b[31mred\u001b]0;title\u0007", " [31mred ]0;title ")]
    [InlineData("one\r\nBcc: two", "one  Bcc: two")]
    [InlineData("\u009b2J\u0085\u2028\u2029\u007f", " 2J    ")]
    [InlineData("{0} ${x} %s <b>", "{0} ${x} %s <b>")]
    public void Text_of_others_ends_no_line_and_moves_no_terminal(string text, string shown) => Assert.Equal(shown, text.OnOneLine());
}
