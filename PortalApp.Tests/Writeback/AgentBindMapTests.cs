using Agent.Directory;
using Agent.Directory.Accounts;
using Agent.Directory.Channels;
using Portal.Writeback;

namespace PortalApp.Tests.Writeback;

/// <summary>What a directory's words to a bind come to, also those that a test forest does not say.</summary>
public sealed class AgentBindMapTests
{
    private static readonly Sid Account = Sid.TryParse("S-1-5-21-1-2-3-1105")!.Value;
    private static readonly Sid Another = Sid.TryParse("S-1-5-21-1-2-3-1106")!.Value;

    [Theory]
    [InlineData("52e", WritebackReason.WrongCurrentPassword)]
    [InlineData("525", WritebackReason.WrongCurrentPassword)]
    [InlineData("530", WritebackReason.UnknownDirectoryError)]
    [InlineData("533", WritebackReason.Disabled)]
    [InlineData("701", WritebackReason.AccountExpired)]
    [InlineData("775", WritebackReason.LockedOut)]
    public void A_refusal_is_told_by_its_number(string data, WritebackReason reason) =>
        Assert.Equal(reason, Assert.IsType<WritebackResult.Rejected>(BindMap.Of(BindAnswer.Of(Words(data)), Account)).Reason);

    [Theory]
    [InlineData("532", PasswordState.Expired)]
    [InlineData("773", PasswordState.MustChange)]
    public void A_right_password_that_is_past_its_time_is_right(string data, PasswordState state) =>
        Assert.Equal(new WritebackResult.Verified(state), BindMap.Of(BindAnswer.Of(Words(data)), Account));

    [Fact]
    public void Words_without_a_number_are_a_wrong_password() =>
        Assert.Equal(
            WritebackReason.WrongCurrentPassword,
            Assert.IsType<WritebackResult.Rejected>(BindMap.Of(BindAnswer.Of("Invalid credentials"), Account)).Reason
        );

    [Fact]
    [Trait("Case", "H62")]
    public void Whoever_the_directory_took_for_somebody_else_has_proved_nothing()
    {
        Assert.IsType<WritebackResult.Rejected>(BindMap.Of(new BindAnswer.Accepted(new HashSet<Sid>()), Account));
        Assert.IsType<WritebackResult.Rejected>(BindMap.Of(new BindAnswer.Accepted(new HashSet<Sid> { Another }), Account));
        Assert.IsType<WritebackResult.Verified>(BindMap.Of(new BindAnswer.Accepted(new HashSet<Sid> { Account, Another }), Account));
    }

    private static string Words(string data) =>
        $"80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {data}, v1db1";
}
