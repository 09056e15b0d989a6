using System.Text.Json;
using Portal.Policy;

namespace PortalApp.Tests.Policy;

public sealed class NewPasswordTests
{
    private static readonly PasswordRules Rules = new(PolicySource.Domain, null, 12, true, 24, true, null, []);

    public static TheoryData<string, RuleBroken> Unfit =>
        new()
        {
            { "", RuleBroken.Empty },
            { "Harbour\0Lantern-7", RuleBroken.Unusable },
            { "Harbour-\ud83d-Lantern-7", RuleBroken.Unusable },
            { "Harbour-Lantern-7\ud83d", RuleBroken.Unusable },
            { "\udd11\ud83dHarbour-Lantern-7", RuleBroken.Unusable },
            { new string('a', NewPassword.MaxLength + 1), RuleBroken.TooLong },
        };

    [Theory]
    [Trait("Case", "H55")]
    [Trait("Case", "H56")]
    [MemberData(nameof(Unfit))]
    public void What_no_directory_can_hold_is_refused_and_never_mended(string typed, RuleBroken why)
    {
        Assert.Null(NewPassword.TryCreate(typed));
        Assert.Equal([why], Assert.IsType<PolicyVerdict.Rejected>(Rules.Judge(typed)).Reasons);
    }

    [Theory]
    [Trait("Case", "H55")]
    [Trait("Case", "H56")]
    [Trait("Case", "H114")]
    [InlineData(" edges stay 7A ")]
    [InlineData("Cafe\u0301-Harbour-7")]
    [InlineData("Café-Harbour-7")]
    [InlineData("\ud83d\udd11-Harbour-7a")]
    [InlineData("\"'`$(reboot)'\" A7")]
    public void Everything_else_is_kept_to_the_last_sign(string typed) =>
        Assert.Equal(typed, Assert.IsType<PolicyVerdict.Accepted>(Rules.Judge(typed)).Password.Reveal());

    [Fact]
    [Trait("Case", "H55")]
    public void The_longest_has_256_code_units() => Assert.NotNull(NewPassword.TryCreate(new string('a', NewPassword.MaxLength)));

    [Theory]
    [InlineData("Short-7", RuleBroken.TooShort)]
    [InlineData("onlysmalletters", RuleBroken.NotComplex)]
    [InlineData("Small-And-Capital", null)]
    [InlineData("密码密码密码密码密码密码-a", null)]
    [InlineData("密码密码密码密码密码密码a", RuleBroken.NotComplex)]
    public void Length_and_kinds_are_counted_as_the_directory_counts_them(string typed, RuleBroken? why) =>
        Assert.Equal(why, Rules.Judge(typed) is PolicyVerdict.Rejected([var broken]) ? broken : null);

    [Fact]
    [Trait("Case", "H108")]
    public void A_password_prints_and_serialises_as_nothing_of_itself()
    {
        var password = NewPassword.TryCreate("Harbour-Lantern-7")!;

        Assert.Equal("(password)", $"{password}");
        Assert.DoesNotContain("Harbour", JsonSerializer.Serialize(password), StringComparison.Ordinal);
        Assert.DoesNotContain("Harbour", new PolicyVerdict.Accepted(password).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H108")]
    public void A_current_password_prints_and_serialises_as_nothing_of_itself()
    {
        var password = CurrentPassword.TryCreate("Harbour-Lantern-7")!;

        Assert.Equal("(password)", $"{password}");
        Assert.DoesNotContain("Harbour", JsonSerializer.Serialize(password), StringComparison.Ordinal);
    }

    [Fact]
    public void A_current_password_is_taken_as_typed_where_there_can_be_such_a_one()
    {
        Assert.All(["x", " Harbour\0Lantern "], typed => Assert.Equal(typed, CurrentPassword.TryCreate(typed)?.Reveal()));
        Assert.All(
            [null, "", "Harbour-\ud83d-Lantern-7", new string('a', NewPassword.MaxLength + 1)],
            typed => Assert.Null(CurrentPassword.TryCreate(typed))
        );
    }
}
