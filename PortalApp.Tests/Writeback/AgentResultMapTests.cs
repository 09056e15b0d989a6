using Agent.Directory;
using Agent.Directory.Accounts;
using Portal.Policy;
using Portal.Writeback;

namespace PortalApp.Tests.Writeback;

public sealed class AgentResultMapTests
{
    [Theory]
    [Trait("Case", "H64")]
    [InlineData(
        19,
        "0000052D: ldap_modify: the password is too short. It should be equal or longer than 7 characters!",
        WritebackReason.TooShort
    )]
    [InlineData(19, "0000052D: the password does not meet the complexity criteria!", WritebackReason.NotComplex)]
    [InlineData(19, "0000052D: the password was already used (in history)!", WritebackReason.InHistory)]
    [InlineData(19, "0000052D: already used (previous password)!", WritebackReason.InHistory)]
    [InlineData(19, "0000052D: password is too young to change!", WritebackReason.TooYoung)]
    [InlineData(19, "0000052D: Constraint violation", WritebackReason.PolicyRefused)]
    [InlineData(53, "0000052D: SvcErr: DSID-031A124C, problem 5003 (WILL_NOT_PERFORM), data 0", WritebackReason.PolicyRefused)]
    [InlineData(19, "00000056: The old password specified doesn't match!", WritebackReason.WrongCurrentPassword)]
    [InlineData(19, "something else", WritebackReason.PolicyRefused)]
    [InlineData(53, "0000001F: SvcErr", WritebackReason.DirectoryMisconfigured)]
    [InlineData(12, "", WritebackReason.DirectoryMisconfigured)]
    [InlineData(10, "ldap://elsewhere", WritebackReason.DirectoryMisconfigured)]
    [InlineData(32, "00002030: No such Base DN", WritebackReason.NotFoundOnPremises)]
    [InlineData(50, "insufficient access rights", WritebackReason.NoRight)]
    [InlineData(65, "", WritebackReason.UnknownDirectoryError)]
    [InlineData(4711, "", WritebackReason.UnknownDirectoryError)]
    public void A_refusal_carries_the_reason(int code, string text, WritebackReason reason) =>
        Assert.Equal(reason, Assert.IsType<WritebackResult.Rejected>(ResultMap.Of(code, text)).Reason);

    [Theory]
    [Trait("Case", "H64")]
    [InlineData(51)]
    [InlineData(52)]
    public void A_busy_directory_has_not_tried(int code) =>
        Assert.Equal(WritebackReason.DirectoryUnreachable, Assert.IsType<WritebackResult.NotAttempted>(ResultMap.Of(code, "")).Reason);

    [Theory]
    [Trait("Case", "H64")]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(80)]
    public void A_fault_in_the_middle_leaves_it_unknown(int code) => Assert.IsType<WritebackResult.Unknown>(ResultMap.Of(code, ""));

    [Fact]
    public void The_directorys_words_are_kept_on_one_bounded_line()
    {
        var detail = Assert.IsType<WritebackResult.Rejected>(ResultMap.Of(50, "line\r\n\u001b[31m" + new string('x', 1000))).Detail!;

        Assert.Equal(300, detail.Length);
        Assert.DoesNotContain(detail, char.IsControl);
    }

    [Theory]
    [InlineData("Sh0rt", 12, null, WritebackReason.TooShort)]
    [InlineData("onlysmallletters", 12, null, WritebackReason.NotComplex)]
    [InlineData("Anna-2031-Anna-2031", 12, null, WritebackReason.NotComplex)]
    [InlineData("Lantern-Harbour-77", 12, 1, WritebackReason.TooYoung)]
    [InlineData("Lantern-Harbour-77", 12, -1, WritebackReason.InHistory)]
    public void A_directory_that_names_no_rule_is_compared_with_the_rules_that_can_be_read(
        string password,
        int minimum,
        int? hours,
        WritebackReason reason
    )
    {
        var now = TimeProvider.System.GetUtcNow();
        var from = hours is { } h ? now.AddHours(h) : (DateTimeOffset?)null;
        var rules = new PasswordRules(PolicySource.Domain, null, minimum, true, 24, true, from, ["anna"]);

        Assert.Equal(
            reason,
            RefusalReason.Of(rules, rules.Judge(password), password.Contains("anna", StringComparison.OrdinalIgnoreCase), now)
        );
    }

    [Fact]
    public void What_no_readable_rule_explains_stays_a_refusal_by_policy()
    {
        var rules = new PasswordRules(PolicySource.FineGrainedUnreadable, null, 7, true, 24, true, null, []);

        Assert.Equal(WritebackReason.PolicyRefused, RefusalReason.Of(rules, rules.Judge("Lantern-Harbour-77"), false, default));
        Assert.Equal(
            WritebackReason.PolicyRefused,
            RefusalReason.Of(
                rules with
                {
                    Source = PolicySource.Domain,
                    HistoryEnforced = false,
                },
                rules.Judge("Lantern-Harbour-77"),
                false,
                default
            )
        );
    }

    [Fact]
    public void The_password_holds_no_word_of_the_display_name_that_is_shorter_than_three() =>
        Assert.Equal(["avries", "anna", "vries"], PolicyReader.NamesOf("AVries", "Anna de Vries, M."));

    [Theory]
    [Trait("Case", "H58")]
    [InlineData("*", "\\2a")]
    [InlineData(")(cn=*", "\\29\\28cn=\\2a")]
    [InlineData("a\\00\0", "a\\5c00\\00")]
    public void A_value_in_a_filter_stands_for_itself(string value, string escaped) => Assert.Equal(escaped, LdapFilter.Escape(value));

    [Fact]
    public void Damaged_metadata_says_nothing()
    {
        Assert.Null(WriteCounter.Parse([]));
        Assert.Null(WriteCounter.Parse(new byte[64]));
        Assert.Null(WriteCounter.Parse([1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0]));
        Assert.Equal(0u, WriteCounter.Parse([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])!.Version);
    }
}
