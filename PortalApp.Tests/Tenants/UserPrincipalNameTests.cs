using System.Globalization;
using System.Text;
using Portal.Tenants;
using Portal.Tenants.Names;

namespace PortalApp.Tests.Tenants;

public sealed class UserPrincipalNameTests
{
    /// <summary>RFC 8265 §3.5, tables 1 and 2.</summary>
    [Theory]
    [InlineData("juliet@example.com", "juliet@example.com")]
    [InlineData("fussball", "fussball")]
    [InlineData("fußball", "fußball")]
    [InlineData("π", "π")]
    [InlineData("Σ", "σ")]
    [InlineData("σ", "σ")]
    [InlineData("ς", "ς")]
    [InlineData("foo bar", null)]
    [InlineData("", null)]
    [InlineData("henryⅣ", null)]
    [InlineData("♚", null)]
    public void The_examples_of_the_profile_read_as_it_says(string typed, string? read) =>
        Assert.Equal(read is null ? null : $"{read}@corp.test", UserPrincipalName.TryParse($"{typed}@corp.test")?.Value);

    [Theory]
    [InlineData(" ＡＮＮＡ＠ＣＯＲＰ．ＴＥＳＴ\u3000", "anna@corp.test")]
    [InlineData("Cafe\u0301@corp.test", "café@corp.test")]
    [InlineData("O'Brien+x_1@Corp.test", "o'brien+x_1@corp.test")]
    [InlineData("İpek@corp.test", "i\u0307pek@corp.test")]
    [InlineData("ﾔﾏﾀﾞ@corp.test", "ヤマダ@corp.test")]
    [InlineData("甲斐@黒川.日本", "甲斐@黒川.日本")]
    [InlineData("col·lega@corp.test", "col·lega@corp.test")]
    [InlineData("אבג1@corp.test", "אבג1@corp.test")]
    [InlineData("سارة٢@corp.test", "سارة٢@corp.test")]
    [InlineData("anna@BÜCHER.example", "anna@bücher.example")]
    [InlineData("anna@xn--bcher-kva.example", "anna@bücher.example")]
    public void What_is_not_ambiguous_is_read(string typed, string read) => Assert.Equal(read, UserPrincipalName.TryParse(typed)?.Value);

    [Theory]
    [Trait("Case", "H53")]
    [InlineData("\u212Aate@corp.test", "U+212A")]
    [InlineData("je\u017F\u017F@corp.test", "U+017F")]
    [InlineData("\uFB01ona@corp.test", "U+FB01")]
    [InlineData("\u00AAnna@corp.test", "U+00AA")]
    [InlineData("ann\u0430@\u212Aorp.test", "U+212A")]
    public void A_compatible_look_alike_is_refused_and_not_made_the_letter_that_it_looks_like(string typed, string sign) =>
        Assert.Equal(sign, Assert.IsType<NameReading<UserPrincipalName>.Forbidden>(UserPrincipalName.Read(typed)).CodePoint);

    [Theory]
    [Trait("Case", "H53")]
    [Trait("Case", "H54")]
    [InlineData("d\u0131na@corp.test")]
    [InlineData("d\u0456na@corp.test")]
    [InlineData("dina@c\u043Erp.test")]
    [InlineData("di\u0301na@corp.test")]
    public void A_look_alike_letter_is_another_name(string typed) =>
        Assert.NotEqual("dina@corp.test", Assert.IsType<UserPrincipalName>(UserPrincipalName.TryParse(typed)).Value);

    [Theory]
    [Trait("Case", "H54")]
    [InlineData("an\u200Bna@corp.test", "U+200B")]
    [InlineData("an\u200Dna@corp.test", "U+200D")]
    [InlineData("anna\u200E@corp.test", "U+200E")]
    [InlineData("\u202Eanna@corp.test", "U+202E")]
    [InlineData("anna@corp.test\u2069", "U+2069")]
    [InlineData("\uFEFFanna@corp.test", "U+FEFF")]
    [InlineData("an\u00ADna@corp.test", "U+00AD")]
    [InlineData("anna\uFE0F@corp.test", "U+FE0F")]
    [InlineData("an\u034Fna@corp.test", "U+034F")]
    [InlineData("anna@co\u200Crp.test", "U+200C")]
    [InlineData("an\u00A0na@corp.test", "U+00A0")]
    [InlineData("an na@corp.test", "U+0020")]
    [InlineData("anna\U000E0041@corp.test", "U+E0041")]
    [InlineData("a\ud800@corp.test", "U+FFFD")]
    [InlineData("a\u0000@corp.test", "U+0000")]
    [InlineData("a\ufffe@corp.test", "U+FFFE")]
    [InlineData("o\u2019brien@corp.test", "U+2019")]
    [InlineData("anna@corp_x.test", "U+005F")]
    [InlineData("\u1100\u1161@corp.test", "U+1100")]
    [InlineData("a·b@corp.test", "U+00B7")]
    public void What_no_name_holds_is_named(string typed, string sign) =>
        Assert.Equal(sign, Assert.IsType<NameReading<UserPrincipalName>.Forbidden>(UserPrincipalName.Read(typed)).CodePoint);

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    [InlineData("anna")]
    [InlineData("@corp.test")]
    [InlineData("anna@")]
    [InlineData("anna@corp")]
    [InlineData("anna@corp..test")]
    [InlineData("אבa@corp.test")]
    [InlineData("a\u05D0@corp.test")]
    [InlineData("א1٢@corp.test")]
    public void What_is_of_another_form_is_none(string? typed) =>
        Assert.IsType<NameReading<UserPrincipalName>.NotOne>(UserPrincipalName.Read(typed));

    [Fact]
    public void A_name_has_at_most_256_characters()
    {
        Assert.NotNull(UserPrincipalName.TryParse(new string('a', 246) + "@corp.test"));
        Assert.Null(UserPrincipalName.TryParse(new string('a', 247) + "@corp.test"));
        Assert.Null(UserPrincipalName.TryParse(new string('İ', 200) + "@corp.test"));
    }

    /// <summary>So that a name that was stored, shown and typed again is the same one.</summary>
    [Fact]
    [Trait("Case", "H54")]
    public void Of_every_character_what_was_read_once_reads_the_same_again_and_nothing_unseen_is_left()
    {
        foreach (var sign in Enumerable.Range(0, 0x30000).Where(Rune.IsValid).Select(value => new Rune(value).ToString()))
        {
            var read = UserPrincipalName.TryParse($"a{sign}@corp.test")?.Value;
            if (read is not null)
            {
                Assert.Equal(read, UserPrincipalName.TryParse(read)?.Value);
                Assert.DoesNotContain(
                    read,
                    c => char.IsControl(c) || char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format
                );
            }
        }
    }

    [Fact]
    [Trait("Case", "H57")]
    public void A_Turkish_machine_reads_the_same_names()
    {
        var spoken = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
        try
        {
            Assert.Equal("iris@institut.example", UserPrincipalName.TryParse("IRIS@INSTITUT.example")?.Value);
        }
        finally
        {
            CultureInfo.CurrentCulture = spoken;
        }
    }
}
