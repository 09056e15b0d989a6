using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Contacts;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Helpdesk.Actions;

/// <summary>Tells a person, at every address held, what the helpdesk has done; without a link, so that nobody learns to press one.</summary>
internal sealed class HelpdeskNotices(MessageQueue messages, IStringLocalizer<HelpdeskTexts> texts, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    /// <summary>Within the caller's transaction.</summary>
    /// <param name="what">Was done, by name.</param>
    /// <param name="but">Where the person is told in another way.</param>
    public void Add(PortalDb db, Tenant tenant, User whom, string what, EmailAddress? but = null)
    {
        var now = clock.GetUtcNow();
        var (subject, text) = In(
            whom.Language,
            () =>
                (
                    texts["NoticeSubject", tenant.Name].Value,
                    texts[
                        $"Notice{what}",
                        whom.UserPrincipalName,
                        now.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
                        tenant.Name,
                        tenant.HelpdeskPhone
                    ].Value
                )
        );
        foreach (
            var address in whom.ToContactData()
                .AllEmail.Where(address => !string.Equals(address.Value, but?.Value, StringComparison.OrdinalIgnoreCase))
        )
        {
            messages.Add(db, tenant.Id, MessageChannel.Email, new(address.Value, subject, text), now + Lifetime);
        }
    }

    /// <summary>The one message with a link, within the caller's transaction: it was asked for, on the phone.</summary>
    public void AddLink(PortalDb db, Tenant tenant, User whom, EmailAddress to, string link, DateTimeOffset until)
    {
        var (subject, text) = In(
            whom.Language,
            () =>
                (
                    texts["LinkSubject", tenant.Name].Value,
                    texts["LinkMail", whom.UserPrincipalName, tenant.Name, link, tenant.HelpdeskPhone].Value
                )
        );
        messages.Add(db, tenant.Id, MessageChannel.Email, new(to.Value, subject, text), until);
    }

    private static (string, string) In(string? language, Func<(string, string)> speak)
    {
        var spoken = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language ?? "en");
            return speak();
        }
        finally
        {
            CultureInfo.CurrentUICulture = spoken;
        }
    }
}
