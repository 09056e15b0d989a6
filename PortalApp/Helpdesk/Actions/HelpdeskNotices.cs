using System.Globalization;
using Microsoft.Extensions.Localization;
using PortalApp.Data;
using PortalApp.Gates.Codes;
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
    /// <param name="but">The address at which the person is told in another way.</param>
    public Task AddAsync(PortalDb db, Tenant tenant, User whom, string what, string? but = null)
    {
        var notice = new Notice(NoticeKind.Helpdesk, tenant, whom, () => Say(tenant, whom, what));
        return notices.AddAsync(
            db,
            notice with
            {
                Held = [.. notice.Held.Where(address => !string.Equals(address, but, StringComparison.OrdinalIgnoreCase))],
            }
        );
    }

    /// <summary>It was asked for, on the phone; within the caller's transaction.</summary>
    public void AddLink(PortalDb db, Tenant tenant, User whom, CodeAddress to, string link, DateTimeOffset until)
    {
        var isText = to.Channel == MessageChannel.Sms;
        var (subject, text) = Spoken.In(
            Spoken.First(whom.Language, tenant.Language),
            () =>
                (
                    texts["LinkSubject", tenant.Name].Value,
                    texts[isText ? "LinkByText" : "LinkMail", whom.UserPrincipalName, tenant.Name, link, tenant.HelpdeskPhone].Value
                )
        );
        messages.Add(db, tenant.Id, to.Channel, new(to.Value, isText ? null : subject, text), until);
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
