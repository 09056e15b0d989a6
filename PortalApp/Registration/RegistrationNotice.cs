using Microsoft.Extensions.Localization;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Registration;

/// <summary>Tells somebody, at every address held before and after, that their security info was changed (H113).</summary>
internal sealed class RegistrationNotice(MessageQueue messages, IStringLocalizer<RegistrationTexts> texts, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    /// <summary>Within the caller's transaction.</summary>
    /// <param name="what">Names the sentence of what was done.</param>
    /// <param name="from">From when it counts; null where it does at once.</param>
    public void Add(PortalDb db, Tenant tenant, User user, IEnumerable<string> addresses, string what, DateTimeOffset? from)
    {
        var subject = texts["NoticeSubject", tenant.Name];
        var done = texts[$"Notice{what}"].Value;
        var counts = from is { } at
            ? texts["NoticeCountsFrom", at.UtcDateTime.ToString("f", System.Globalization.CultureInfo.CurrentCulture)].Value
            : "";
        var text = texts["NoticeText", user.UserPrincipalName, tenant.Name, $"{done} {counts}".Trim(), tenant.HelpdeskPhone];
        foreach (var address in addresses.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            messages.Add(db, tenant.Id, MessageChannel.Email, new(address, subject, text), clock.GetUtcNow() + Lifetime);
        }
    }

    /// <summary>After the commit.</summary>
    public void Wake() => messages.Wake();
}
