using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.PasswordReset;
using PortalApp.PasswordReset.Flows;

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
        var facts = new ResetFacts(true, true, 1, 1, true, false, false, check, Asked.Nothing, 0, 10);

        Assert.Equal(new ResetStage.Refused(reason), ResetFlow.StageOf(facts));
    }

    [Fact]
    public async Task A_lock_that_stays_is_told_before_typing_and_at_the_end_and_the_choice_is_the_persons()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@flow.example");
        using var anna = portal.NewPerson();
        await anna.BeginAsync("anna@corp.test");
        await anna.TypeCodeAsync(await portal.CodeToAsync("anna@flow.example"));
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules, StaysLocked: true));

        var form = (await anna.GetAsync(ResetPaths.Password)).Html;
        Assert.Contains("the new password does not unlock it", form, StringComparison.Ordinal);
        Assert.Contains("SSPR_0029", form, StringComparison.Ordinal);
        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(Unlocked: false, StaysLocked: true));

        var done = (await anna.GetAsync(ResetPaths.Result)).Html;
        Assert.Contains("Your account is still locked", done, StringComparison.Ordinal);
        Assert.DoesNotContain("It works now", done, StringComparison.Ordinal);
        var audited = await portal.WithDbAsync(db => db.Set<AuditEntry>().SingleAsync(a => a.Event == AuditEventId.ResetDone));
        Assert.Equal("The account stays locked.", audited.Detail);
    }
}
