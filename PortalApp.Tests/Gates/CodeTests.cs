using PortalApp.Gates.Codes;
using PortalApp.Gates.EmailCode;
using PortalApp.Secrets;
using PortalApp.Throttle;

namespace PortalApp.Tests.Gates;

public sealed class CodeTests
{
    /// <summary>Chi-square over the digits of each of the eight places: 9 degrees of freedom, 41.5 is beyond 99.9996 %.</summary>
    [Fact, Trait("Case", "H40")]
    public void A_hundred_thousand_codes_are_uniform_and_keep_their_leading_zeros()
    {
        const int samples = 100_000;
        var counts = new int[Limits.CodeDigits, 10];
        for (var n = 0; n < samples; n++)
        {
            var code = TypedCode.New();
            Assert.Equal(Limits.CodeDigits, code.Length);
            for (var place = 0; place < code.Length; place++)
            {
                counts[place, code[place] - '0']++;
            }
        }

        for (var place = 0; place < Limits.CodeDigits; place++)
        {
            var chiSquare = Enumerable.Range(0, 10).Sum(d => Math.Pow(counts[place, d] - (samples / 10.0), 2) / (samples / 10.0));
            Assert.InRange(chiSquare, 0.01, 41.5);
        }
    }

    [Fact]
    public void No_two_lists_of_fields_have_one_mac()
    {
        var key = new byte[32];
        Assert.NotEqual(FieldMac.Of(key, "ab", "c"), FieldMac.Of(key, "a", "bc"));
        Assert.NotEqual(FieldMac.Of(key, "a", ""), FieldMac.Of(key, "a"));
        Assert.NotEqual(FieldMac.Of(key, "a"), FieldMac.Of([.. Enumerable.Repeat((byte)1, 32)], "a"));
    }

    [Theory]
    [InlineData("gmail.com", "•••@g•••.com")]
    [InlineData("GMAIL.com", "•••@g•••.com")]
    [InlineData("mail.example.co.uk", "•••@m•••.co.uk")]
    [InlineData("mail.ibm.de", "•••@m•••.de")]
    [InlineData("co.uk", "•••@c•••.uk")]
    [InlineData("localhost", "•••@l•••")]
    [InlineData("österreich.example", "•••@ö•••.example")]
    public void A_mask_shows_a_letter_and_an_ending(string domain, string mask) => Assert.Equal(mask, EmailMask.OfDomain(domain));
}
