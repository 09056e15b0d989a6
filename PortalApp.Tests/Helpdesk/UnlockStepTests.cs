using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Helpdesk.Actions;
using PortalApp.Helpdesk.Callers;
using PortalApp.SignIn.Sessions;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Helpdesk;

/// <summary>The helpdesk ends the lock of somebody's directory account.</summary>
public sealed class UnlockStepTests : IAsyncLifetime
{
    private const string Mail = "anna@gmail.example";
    private const string Reason = "called about a locked account";
    private ResetPortal portal = null!;
    private User anna = null!;
    private SignedIn me = null!;

    public async ValueTask InitializeAsync()
    {
        portal = await ResetPortal.StartAsync();
        anna = await portal.AddUserAsync("anna", Mail);
        var helper = await portal.AddUserAsync("helper", "helper@a.example");
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == helper.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, Role.Helpdesk))
        );
        me = new(0, portal.Tenant, helper, Role.Helpdesk, portal.Clock.GetUtcNow());
    }

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    [Trait("Case", "H113")]
    public async Task However_often_it_is_pressed_it_is_one_request_audited_with_its_end_and_told_to_the_person()
    {
        await ProveAsync();
        var pressed = Enumerable.Range(0, 3).Select(_ => ActAsync(anna)).ToList();
        await AnswerAsync(new WritebackResult.Applied(Unlocked: true));

        Assert.All(await Task.WhenAll(pressed), outcome => Assert.IsType<HelpdeskOutcome.Done>(outcome));
        await Eventually.TrueAsync(
            async () => (await EventsAsync()).Contains(AuditEventId.UnlockDone),
            TimeSpan.FromSeconds(20),
            "the end to be told"
        );
        Assert.Equal([AuditEventId.UnlockDone, AuditEventId.HelpdeskActed], (await EventsAsync()).Order());
        Assert.Contains("unlocked the account", Assert.Single(await portal.MailsToAsync(Mail)).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H107")]
    public async Task It_needs_a_caller_who_is_proved_and_says_what_the_directory_refused()
    {
        Assert.Equal(new HelpdeskOutcome.Refused(HelpdeskRefusal.NotVerified), await ActAsync(anna));
        Assert.Equal(new HelpdeskOutcome.Refused(HelpdeskRefusal.Oneself), await ActAsync(me.User));
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Request>().CountAsync()));

        await ProveAsync();
        var acting = ActAsync(anna);
        await AnswerAsync(new WritebackResult.NotAttempted(WritebackReason.Protected, null));

        Assert.Equal(new HelpdeskOutcome.NotDone(WritebackReason.Protected), await acting);
        Assert.Empty(await portal.MailsToAsync(Mail));
    }

    private Task<HelpdeskOutcome> ActAsync(User whom) => portal.Services.GetRequiredService<UnlockStep>().ActAsync(me, whom.Id, Reason);

    private Task<int> ProveAsync() =>
        portal.WithDbAsync(db =>
        {
            db.Add(
                new CallerProof
                {
                    UserId = anna.Id,
                    HelperId = me.User.Id,
                    Tenant = portal.Tenant.Id,
                    ProvedAt = portal.Clock.GetUtcNow(),
                }
            );
            return db.SaveChangesAsync();
        });

    private async Task AnswerAsync(WritebackResult result)
    {
        await Eventually.TrueAsync(
            () => portal.WithDbAsync(db => db.Set<Request>().AnyAsync(r => r.Kind == RequestKind.Unlock && r.EndedAt == null)),
            TimeSpan.FromSeconds(20),
            "the request"
        );
        Assert.True(await portal.AnswerAsync(RequestKind.Unlock, result));
    }

    private Task<List<AuditEventId>> EventsAsync() =>
        portal.WithDbAsync(db =>
            db.Set<AuditEntry>().Where(a => a.Subject == anna.Id && a.Event != AuditEventId.UserChanged).Select(a => a.Event).ToListAsync()
        );
}
