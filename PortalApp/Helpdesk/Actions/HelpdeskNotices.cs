using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Contacts;
using PortalApp.Data;
using PortalApp.Layout.Languages;
using PortalApp.Notifications;
using PortalApp.Notifications.Notices;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Helpdesk.Actions;

/// <summary>Tells a person, at every address held, what the helpdesk has done.</summary>
internal sealed class HelpdeskNotices(
    NoticeSender notices,
    MessageQueue messages,
    IStringLocalizer<HelpdeskTexts> texts,
    TimeProvider clock
)
{
    /// <summary>Within the caller's transaction.</summary>
    /// <param name="what">Was done, by name.</param>
    /// <param name="but">Where the person is told in another way.</param>
    public Task AddAsync(PortalDb db, Tenant tenant, User whom, string what, EmailAddress? but = null)
    {
        var notice = new Notice(NoticeKind.Helpdesk, tenant, whom, () => Say(tenant, whom, what));
        return notices.AddAsync(
            db,
            notice with
            {
                Held = [.. notice.Held.Where(address => !string.Equals(address, but?.Value, StringComparison.OrdinalIgnoreCase))],
            }
        );
    }

    /// <summary>It was asked for, on the phone; within the caller's transaction.</summary>
    public void AddLink(PortalDb db, Tenant tenant, User whom, EmailAddress to, string link, DateTimeOffset until)
    {
        var (subject, text) = Spoken.In(
            Spoken.First(whom.Language, tenant.Language),
            () =>
                (
                    texts["LinkSubject", tenant.Name].Value,
                    texts["LinkMail", whom.UserPrincipalName, tenant.Name, link, tenant.HelpdeskPhone].Value
                )
        );
        messages.Add(db, tenant.Id, MessageChannel.Email, new(to.Value, subject, text), until);
    }

    private (string, string) Say(Tenant tenant, User whom, string what)
    {
        var when = clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return (
            texts["NoticeSubject", tenant.Name],
            texts[$"Notice{what}", whom.UserPrincipalName, when, tenant.Name, tenant.HelpdeskPhone]
        );
    }
}
