using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Disputes;
using PortalApp.Notifications.Notices;
using PortalApp.PasswordReset;
using PortalApp.PasswordReset.Flows;
using PortalApp.Registration.Contacts;
using PortalApp.SignIn.Sessions;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.Registration;
using PortalApp.Throttle.Familiar;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Disputes;

/// <summary>"It wasn't me": what the link of a notice does, for whom, and how it ends.</summary>
public partial class DisputeTests : IAsyncLifetime
{
    private const string Mail = "anna@gmail.example";
    private const string Boss = "boss@gmail.example";
    private const string Handler = "not-me";
    private ResetPortal portal = null!;
    private User user = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        portal = await ResetPortal.StartAsync();
        user = await portal.AddUserAsync("anna", Mail);
        var boss = await portal.AddUserAsync("boss", Boss);
        await portal.WithDbAsync(db =>
            db.Set<User>().Where(u => u.Id == boss.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, Role.Administrator), Ct)
        );
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    [Trait("Case", "H48")]
    [Trait("Case", "H51")]
    public async Task What_opens_the_link_spends_nothing_and_a_press_locks_once_and_tells_the_administrators()
    {
        using var thief = portal.NewPerson();
        var link = await ResetAsync(thief);
        using var anna = portal.NewPerson();
        await anna.GetAsync(link);
        using var http = portal.NewClient();
        using (var head = new HttpRequestMessage(HttpMethod.Head, link))
        {
            using var opened = await http.SendAsync(head, Ct);
        }

        Assert.Contains("Was it not you?", (await anna.GetAsync(link)).Text, StringComparison.Ordinal);
        Assert.Null((await UserAsync()).DisputedAt);

        var pressed = await anna.PostAsync(link, Handler);
        await anna.GetAsync(link);
        var again = await anna.GetAsync(link);

        Assert.Contains("Your account is locked", pressed.Text, StringComparison.Ordinal);
        Assert.Contains("does not work any more", again.Text, StringComparison.Ordinal);
        Assert.NotNull((await UserAsync()).DisputedAt);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<FamiliarPlace>().CountAsync(p => p.Subject == user.Id, Ct)));
        var told = Assert.Single(await EventsAsync());
        Assert.Equal((user.Id, nameof(NoticeKind.Reset)), (told.Subject, told.Outcome));
        var alert = Assert.Single(await portal.MailsToAsync(Boss));
        Assert.Equal("anna@corp.test says: it was not me", alert.Subject);
        Assert.DoesNotContain(DisputeLink.Path, alert.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H1")]
    public async Task Strangers_see_what_they_saw_before_and_who_passed_the_gates_reads_why_and_asks_no_directory()
    {
        await portal.AddUserAsync("ben", "ben@gmail.example");
        await LockAsync();
        using var open = portal.NewPerson();
        await open.BeginAsync("ben@corp.test");
        var unlocked = await open.GetAsync(ResetPaths.Verify);
        using var other = portal.NewPerson();
        await other.BeginAsync("anna@corp.test");
        var locked = await other.GetAsync(ResetPaths.Verify);

        Assert.Equal(AsAnna(unlocked.Comparable), locked.Comparable);
        await other.TypeCodeAsync(await portal.CodeToAsync(Mail));
        var page = await other.GetAsync(ResetPaths.Password);

        Assert.Contains("was not them", (await other.GetAsync(ResetPaths.Result)).Text, StringComparison.Ordinal);
        Assert.Equal(ResetPaths.Result, page.Location);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Request>().CountAsync(Ct)));
        Assert.Contains(Refusal.Text(RefusalCode.Disputed), (await other.GetAsync(ResetPaths.Result)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_begun_ends_with_it_and_once_it_is_lifted_a_reset_goes_through()
    {
        using var thief = portal.NewPerson();
        await portal.ReachPasswordAsync(thief, "anna@corp.test", Mail);
        await LockAsync();

        await thief.FinishAsync();
        Assert.Equal(0, await portal.WritesAsync());

        await portal
            .Services.GetRequiredService<IDbContextFactory<PortalApp.Data.PortalDb>>()
            .ChangeAsync<User>(
                async db =>
                {
                    var whom = await db.Set<User>().SingleAsync(u => u.Id == user.Id, Ct);
                    Assert.True(await Store.LiftAsync(db, whom, Actor.Portal, Ct));
                    return new ChangeOutcome<User>.Done(whom);
                },
                Ct
            );
        portal.Clock.Skip(TimeSpan.FromMinutes(2));
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, "anna@corp.test", Mail);
        await anna.FinishAsync();
        Assert.Equal(1, await portal.WritesAsync());
    }

    [Fact]
    public async Task A_password_that_is_on_its_way_is_granted_to_no_agent_any_more()
    {
        using var thief = portal.NewPerson();
        await portal.ReachPasswordAsync(thief, "anna@corp.test", Mail);
        await thief.FinishAsync();
        var sent = await portal.WithDbAsync(db =>
            db.Set<Request>().Where(r => r.Kind == RequestKind.Reset).Select(r => r.Id).SingleAsync(Ct)
        );

        await LockAsync();

        var requests = portal.Services.GetRequiredService<RequestStore>();
        Assert.Null(await requests.ClaimAsync(portal.Tenant.Id, $"agent-{portal.Tenant.Id}", new RequestId(sent), "attempt", Ct));
    }

    [Fact]
    public async Task An_address_that_was_added_gets_no_link_and_goes_again_while_what_is_older_stays()
    {
        const string thiefs = "thief@evil.example";
        await portal.WaitAsync(hours: 0);
        await RegisterAsync(ContactField.AuthenticationPhone, "+31 612345678");
        portal.Clock.Skip(DisputeStore.Lately + TimeSpan.FromHours(1));
        await RegisterAsync(ContactField.AuthenticationEmail, thiefs);

        Assert.DoesNotContain(await portal.MailsToAsync(thiefs), mail => Link().IsMatch(mail.Text));
        using var anna = portal.NewPerson();
        await PressAsync(anna, (await LinksAsync()).Last());

        var held = (await UserAsync()).ToContactData();
        Assert.NotNull(held.AuthenticationPhone);
        Assert.Null(held.AuthenticationEmail);
        Assert.Equal(Mail, held.AlternateEmail?.Value);
        Assert.Equal("voided AuthenticationEmail", Assert.Single(await EventsAsync()).Detail);
    }

    [Fact]
    public async Task Of_eight_presses_at_once_one_locks_and_after_seven_days_none_does()
    {
        var key = (await NoticeAsync())[(DisputeLink.Path.Length + 1)..];
        var late = (await NoticeAsync())[(DisputeLink.Path.Length + 1)..];

        var pressed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Store.PressAsync(key, new("127.0.0.0/24"), Ct)));

        Assert.Single(pressed, dispute => dispute is not null);
        Assert.Single(await EventsAsync());
        Assert.Null(await Store.FindAsync(late, Ct));
        var last = (await NoticeAsync())[(DisputeLink.Path.Length + 1)..];
        Assert.NotNull(await Store.FindAsync(last, Ct));
        portal.Clock.Skip(DisputeLink.Lifetime);
        Assert.Null(await Store.FindAsync(last, Ct));
    }

    private DisputeStore Store => portal.Services.GetRequiredService<DisputeStore>();

    private async Task<string> ResetAsync(Person person)
    {
        await portal.ReachPasswordAsync(person, "anna@corp.test", Mail);
        await person.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(false));
        return LinkIn((await portal.MailsToAsync(Mail)).Single(m => m.Html is not null).Text);
    }

    private async Task<IEnumerable<string>> LinksAsync() =>
        (await portal.MailsToAsync(Mail)).SelectMany(m => Link().Matches(m.Text)).Select(m => m.Value);

    private async Task<string> NoticeAsync()
    {
        var before = await LinksAsync();
        await using var db = await portal
            .Services.GetRequiredService<IDbContextFactory<PortalApp.Data.PortalDb>>()
            .CreateDbContextAsync(Ct);
        await portal
            .Services.GetRequiredService<NoticeSender>()
            .AddAsync(db, new(NoticeKind.Helpdesk, portal.Tenant, await UserAsync(), () => ("Subject", "Text")));
        await db.SaveChangesAsync(Ct);
        portal.Services.GetRequiredService<NoticeSender>().Wake();
        var link = (await LinksAsync()).Except(before).Single();
        portal.Clock.Skip(TimeSpan.FromSeconds(1));
        return link;
    }

    private async Task LockAsync()
    {
        using var anna = portal.NewPerson();
        await PressAsync(anna, await NoticeAsync());
    }

    private static async Task PressAsync(Person person, string link)
    {
        await person.GetAsync(link);
        Assert.Contains("Your account is locked", (await person.PostAsync(link, Handler)).Text, StringComparison.Ordinal);
    }

    private async Task RegisterAsync(ContactField field, string value) =>
        await portal
            .Services.GetRequiredService<ContactChanges>()
            .KeepAsync(new SignedIn(0, portal.Tenant, await UserAsync(), Role.User, portal.Clock.GetUtcNow()), field, value, Ct);

    private Task<User> UserAsync() =>
        portal.WithDbAsync(db => db.Set<User>().AsNoTracking().Include(u => u.Contacts).SingleAsync(u => u.Id == user.Id, Ct));

    private Task<List<AuditEntry>> EventsAsync() =>
        portal.WithDbAsync(db => db.Set<AuditEntry>().Where(a => a.Event == AuditEventId.AccountDisputed).ToListAsync(Ct));

    private static string AsAnna(string page) =>
        page.Replace("ben@", "anna@", StringComparison.Ordinal).Replace("ben%40", "anna%40", StringComparison.Ordinal);

    internal static string LinkIn(string text) => Link().Match(text).Value;

    [GeneratedRegex(@"/not-me/[\w-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}

[OnPostgreSql]
public sealed class DisputeTestsOnPostgreSql : DisputeTests;
