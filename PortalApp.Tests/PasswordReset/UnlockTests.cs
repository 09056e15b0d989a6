using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.PasswordReset.Flows;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.PasswordReset;

/// <summary>"Unlock without a new password": after the gates, where the policy lets people, and where the directory says that the account is locked.</summary>
public sealed class UnlockTests : IAsyncLifetime
{
    private const string Mail = "anna@flow.example";
    private static readonly WritebackResult Locked = new WritebackResult.Settable(ResetPortal.Rules, MayUnlock: true);
    private ResetPortal portal = null!;

    public async ValueTask InitializeAsync()
    {
        portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        await portal.PublishAsync(terms => terms with { Unlock = true });
    }

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    [Trait("Case", "H113")]
    public async Task The_account_is_unlocked_and_the_password_kept_and_page_audit_and_notice_say_so()
    {
        using var anna = portal.NewPerson();
        Assert.Contains("Unlock my account and keep my password", await ReachAsync(anna, Locked), StringComparison.Ordinal);

        await anna.PostAsync(ResetPaths.Password, ResetForms.Unlock);
        await portal.AnswerAsync(RequestKind.Unlock, new WritebackResult.Applied(Unlocked: true));

        Assert.Contains("Your account is unlocked", (await anna.GetAsync(ResetPaths.Result)).Html, StringComparison.Ordinal);
        Assert.Equal([AuditEventId.UnlockBegun, AuditEventId.UnlockDone], await EventsAsync());
        var notice = Assert.Single(await portal.MailsToAsync(Mail), mail => mail.Subject == "Your account at Corp Test was unlocked");
        Assert.Contains("Its password is as it was.", notice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_not_known_is_said_so_and_resolved_by_evidence()
    {
        using var anna = portal.NewPerson();
        await ReachAsync(anna, Locked);
        await anna.PostAsync(ResetPaths.Password, ResetForms.Unlock);

        var say = await ClaimedAsync();
        await say(new WritebackResult.Unknown(WritebackReason.AnswerLost, null));
        Assert.Contains(
            "not know whether your account was unlocked",
            (await anna.GetAsync(ResetPaths.Result)).Html,
            StringComparison.Ordinal
        );
        await say(new WritebackResult.Applied(Unlocked: true));

        Assert.Contains("Your account is unlocked", (await anna.GetAsync(ResetPaths.Result)).Html, StringComparison.Ordinal);
        Assert.Equal([AuditEventId.UnlockBegun, AuditEventId.UnlockUnknown, AuditEventId.UnlockDone], await EventsAsync());
    }

    [Fact]
    public async Task Who_could_not_be_unlocked_may_set_a_new_password_in_the_same_flow()
    {
        using var anna = portal.NewPerson();
        await ReachAsync(anna, Locked);
        await anna.PostAsync(ResetPaths.Password, ResetForms.Unlock);
        await portal.AnswerAsync(RequestKind.Unlock, new WritebackResult.NotAttempted(WritebackReason.DirectoryUnreachable, null));

        Assert.Contains("Nothing was changed", (await anna.GetAsync(ResetPaths.Password)).Html, StringComparison.Ordinal);
        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(Unlocked: true));

        Assert.Contains("Your password has been reset", (await anna.GetAsync(ResetPaths.Result)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_account_is_not_locked_or_the_policy_forbids_it_nothing_offers_it_and_a_form_for_it_asks_nothing()
    {
        using var anna = portal.NewPerson();
        Assert.DoesNotContain(
            "keep my password",
            await ReachAsync(anna, new WritebackResult.Settable(ResetPortal.Rules)),
            StringComparison.Ordinal
        );
        await anna.PostAsync(ResetPaths.Password, ResetForms.Unlock);

        await portal.PublishAsync(terms => terms with { Unlock = false });
        portal.Clock.Advance(TimeSpan.FromMinutes(2));
        using var again = portal.NewPerson();
        Assert.DoesNotContain("keep my password", await ReachAsync(again, Locked), StringComparison.Ordinal);
        await again.PostAsync(ResetPaths.Password, ResetForms.Unlock);

        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Request>().CountAsync(r => r.Kind == RequestKind.Unlock)));
    }

    private async Task<string> ReachAsync(Person person, WritebackResult check)
    {
        await person.BeginAsync("anna@corp.test");
        await person.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await portal.AnswerAsync(RequestKind.Check, check);
        return (await person.GetAsync(ResetPaths.Password)).Html;
    }

    /// <summary>What an agent that was granted the request says of it.</summary>
    private async Task<Func<WritebackResult, Task<OutcomeEffect>>> ClaimedAsync()
    {
        var (tenant, agent, store) = (portal.Tenant.Id, $"agent-{portal.Tenant.Id}", portal.Services.GetRequiredService<RequestStore>());
        var id = new RequestId(
            await portal.WithDbAsync(db => db.Set<Request>().Where(r => r.Kind == RequestKind.Unlock).Select(r => r.Id).SingleAsync())
        );
        Assert.NotNull(await store.ClaimAsync(tenant, agent, id, "attempt", default));
        return result => store.TakeAsync(tenant, agent, id, "attempt", result, default);
    }

    private Task<List<AuditEventId>> EventsAsync() =>
        portal.WithDbAsync(db =>
            db.Set<AuditEntry>()
                .Where(a => a.Event >= AuditEventId.UnlockBegun && a.Event <= AuditEventId.UnlockUnknown)
                .OrderBy(a => a.Id)
                .Select(a => a.Event)
                .ToListAsync()
        );
}
