using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PortalApp.Gates.Codes;
using PortalApp.Gates.Questions;

namespace PortalApp.Tests.Gates.Questions;

/// <summary>What two ways of writing one answer have in common, for texts drawn from all of Unicode.</summary>
public sealed class AnswerTextTests
{
    private const int Texts = 2_000;

    /// <summary>The same texts in each run, a failing one can be looked at.</summary>
    private static readonly string[] Drawn = [.. Enumerable.Range(0, Texts).Select(Draw)];

    [Theory]
    [InlineData("New York", "new-york")]
    [InlineData("Müller", "MULLER")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("O’Brien", "o'brien")]
    [InlineData("ｆｕｌｌ　ｗｉｄｔｈ", "full width")]
    [InlineData("ΟΔΥΣΣΕΥΣ", "οδυσσευς")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("zero\u200Bwidth", "Zero Width")]
    [InlineData("Zoë", "Zoe\u0308")]
    public void Two_ways_of_writing_one_answer_are_one(string one, string other) => Assert.Equal(AnswerText.Of(one), AnswerText.Of(other));

    [Theory]
    [InlineData("が", "か")]
    [InlineData("Anna", "Hanna")]
    [InlineData("12", "21")]
    public void Two_answers_stay_two(string one, string other) => Assert.NotEqual(AnswerText.Of(one), AnswerText.Of(other));

    [Fact]
    public void The_form_of_a_form_is_itself() => AssertAll(text => (AnswerText.Of(text), AnswerText.Of(AnswerText.Of(text))));

    [Fact]
    public void Case_changes_nothing() =>
        AssertAll(text => (AnswerText.Of(text.ToUpperInvariant()), AnswerText.Of(text.ToLowerInvariant())));

    [Fact]
    [Trait("Case", "H57")]
    public void A_Turkish_machine_reads_the_same_answers_and_codes()
    {
        var spoken = CultureInfo.CurrentCulture;
        var (answers, code) = (Drawn.Append("IRIS İstanbul").Select(AnswerText.Of).ToArray(), TypedCode.Parse("0123 4567"));
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
        try
        {
            Assert.Equal(answers, Drawn.Append("IRIS İstanbul").Select(AnswerText.Of));
            Assert.Equal(("01234567", code), (TypedCode.Parse("0123 4567"), TypedCode.Parse("0123 4567")));
        }
        finally
        {
            CultureInfo.CurrentCulture = spoken;
        }
    }

    [Fact]
    public void Spaces_wherever_they_stand_change_nothing() =>
        AssertAll(text => (AnswerText.Of(text), AnswerText.Of($"\u00A0 {string.Join("\u2003 ", text.EnumerateRunes())}\t")));

    [Fact]
    public void Neither_does_the_form_of_unicode_in_which_a_keyboard_writes() =>
        AssertAll(
            Enum.GetValues<NormalizationForm>()
                .Select<NormalizationForm, Func<string, (string, string)>>(form =>
                    text => (AnswerText.Of(text), AnswerText.Of(text.Normalize(form)))
                )
        );

    [Fact]
    public void No_more_is_read_than_an_answer_has() =>
        Assert.Equal(AnswerText.Of(new string('a', 160)), AnswerText.Of(new string('a', 100_000)));

    [Fact]
    public void Half_a_character_is_no_reason_to_fall() => Assert.Equal(AnswerText.Of("a\uFFFDb"), AnswerText.Of("a\uD800b"));

    private static void AssertAll(params IEnumerable<Func<string, (string, string)>> pairs) =>
        Assert.Empty(
            from text in Drawn
            from pair in pairs
            let two = pair(text)
            where two.Item1 != two.Item2
            select string.Join(' ', text.EnumerateRunes().Select(r => r.Value.ToString("X4", CultureInfo.InvariantCulture)))
        );

    private static void AssertAll(Func<string, (string, string)> pair) => AssertAll([pair]);

    /// <summary>Short enough that nothing is cut, half of it where people write.</summary>
    private static string Draw(int text)
    {
        var length = 1 + Number(text, 0, 12);
        var values = Enumerable
            .Range(1, length)
            .Select(at => Number(text, at, 2 + (at % 2 * 0x10FFFE)) is var any && any > 1 ? any : 0x20 + Number(text, -at, 0x510));
        return string.Concat(values.Where(v => Rune.IsValid(v) && IsAssigned(v)).Select(v => new Rune(v)));
    }

    private static int Number(int text, int at, int below) =>
        (int)(BitConverter.ToUInt32(SHA256.HashData([.. BitConverter.GetBytes(text), .. BitConverter.GetBytes(at)])) % below);

    /// <summary>Not every platform normalises the others; the capital of the iota below a letter is a letter of its own.</summary>
    private static bool IsAssigned(int value) =>
        value != 0x345 && Rune.GetUnicodeCategory(new Rune(value)) is not UnicodeCategory.OtherNotAssigned;
}
