using Portal.Writeback;
using PortalApp.PasswordReset;

namespace PortalApp.Tests.PasswordReset;

public sealed class ShutAccountTests
{
    [Theory]
    [InlineData(WritebackReason.AccountExpired)]
    [InlineData(WritebackReason.SmartCardRequired)]
    [InlineData(WritebackReason.ProtectedOnce)]
    public void An_account_that_a_password_would_not_let_in_is_refused_before_one_is_typed(WritebackReason reason)
    {
        var check = new Asked.Answered(new WritebackResult.NotAttempted(reason, null));
        var facts = new ResetFacts(true, true, 1, 1, true, false, check, Asked.Nothing, 0, 10);

        Assert.Equal(new ResetStage.Refused(reason), ResetFlow.StageOf(facts));
    }
}
