using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Contacts;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.SignIn.Sessions;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.Administration.Settings;

/// <summary>What came of a mail that an administrator asked for. Closed: the cases below.</summary>
internal abstract record TestMailOutcome
{
    private TestMailOutcome() { }

    public sealed record Waits(string To) : TestMailOutcome;

    public sealed record NoAddress : TestMailOutcome;

    public sealed record Limited : TestMailOutcome;
}

/// <summary>Sends an administrator a mail by the very way that codes take, to an address that the portal holds of them.</summary>
internal sealed class TestMail(
    IDbContextFactory<PortalDb> databases,
    MessageQueue messages,
    ThrottleStore throttle,
    Limits limits,
    IStringLocalizer<SettingTexts> texts,
    TimeProvider clock
)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    public async Task<TestMailOutcome> SendAsync(SignedIn me, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Set<User>().AsNoTracking().Include(u => u.Contacts).SingleAsync(u => u.Id == me.User.Id, cancellation);
        if (AddressOf(user.ToContactData()) is not { } to)
        {
            return new TestMailOutcome.NoAddress();
        }

        if (!await throttle.TakeAsync(limits.TestMailsOfPerson, me.User.Id, cancellation))
        {
            return new TestMailOutcome.Limited();
        }

        var content = new MessageContent(to.Value, texts["TestSubject", me.Tenant.Name], texts["TestText", me.Tenant.Name]);
        messages.Add(db, me.Tenant.Id, MessageChannel.Email, content, clock.GetUtcNow() + Life);
        await db.SaveChangesAsync(cancellation);
        messages.Wake();
        return new TestMailOutcome.Waits(to.Value);
    }

    private static EmailAddress? AddressOf(ContactData held) => held.AlternateEmail ?? held.DirectoryMail;
}
