using PortalApp.Passwords.Rules;

namespace PortalApp.Tests.Passwords;

public sealed class GuessingTests
{
    private static readonly string[] Words = [Guessing.LooksOf("Corptest")];

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("abcdefghijklmnopqrs")]
    [InlineData("qwertyuiopasdfgh")]
    [InlineData("1qaz2wsx3edc4rfv")]
    [InlineData("summer1summer1summer1")]
    [InlineData("P@ssw0rdP@ssw0rd")]
    [InlineData("password123456789")]
    [InlineData("Welkom123Welkom1")]
    [InlineData("Winter2026!Winter2026!")]
    [InlineData("monkeydragonletmein")]
    [InlineData("C0rpt3st2026welcome")]
    [InlineData("раssword-раssword")]
    [InlineData("ábcdéfghijklmnöpqrs")]
    public void What_is_made_of_a_few_pieces_that_everybody_tries_is_easily_guessed(string typed) =>
        Assert.True(Guessing.PiecesOf(typed, Words) < Guessing.PiecesNeeded);

    [Theory]
    [InlineData("correct horse battery 7")]
    [InlineData("seven green lamps at night")]
    [InlineData("Orange-Bicycle-1944 and a boat")]
    [InlineData("Фонарь-гавань-77")]
    [InlineData("灯笼港口一二三四五六七八九十")]
    public void What_is_of_ones_own_is_not(string typed) => Assert.True(Guessing.PiecesOf(typed, Words) >= Guessing.PiecesNeeded);

    [Fact]
    public void The_longest_one_is_judged_as_any_other() =>
        Assert.True(Guessing.PiecesOf(new string('x', 255) + "y", Words) < Guessing.PiecesNeeded);

    [Fact]
    public void Of_signs_that_grow_when_they_are_normalised_no_more_is_looked_at_than_of_others()
    {
        var grown = string.Concat(Enumerable.Range(0, 256).Select(n => n % 3 == 0 ? 'x' : '\uFDFA'));

        Assert.InRange(
            Guessing.PiecesOf(grown + new string([.. Enumerable.Range(0, 5000).Select(n => (char)(0x4E00 + n))]), Words),
            1,
            256
        );
    }
}
