using System.Globalization;
using Microsoft.Extensions.Localization;
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
    public void Add(PortalDb db, Tenant tenant, User whom, HelpdeskAction action)
    {
        var now = clock.GetUtcNow();
        var (subject, text) = In(
            whom.Language,
            () =>
                (
                    texts["NoticeSubject", tenant.Name].Value,
                    texts[
                        $"Notice{action}",
                        whom.UserPrincipalName,
                        now.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
                        tenant.Name,
                        tenant.HelpdeskPhone
                    ].Value
                )
        );
        foreach (var address in whom.ToContactData().AllEmail)
        {
            messages.Add(db, tenant.Id, MessageChannel.Email, new(address.Value, subject, text), now + Lifetime);
        }
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
