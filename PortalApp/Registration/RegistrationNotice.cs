using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Contacts;
using PortalApp.Data;
using PortalApp.Gates.Codes;
using PortalApp.Notifications;
using PortalApp.Notifications.Notices;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Registration;

/// <summary>Tells somebody, at every address held before and after, that their security info was changed (H113).</summary>
internal sealed class RegistrationNotice(
    NoticeSender notices,
    MessageQueue messages,
    NumberRules rules,
    ServedChannels served,
    IStringLocalizer<RegistrationTexts> texts,
    TimeProvider clock
)
{
    /// <summary>Within the caller's transaction.</summary>
    /// <param name="held">Addresses, before.</param>
    /// <param name="what">Names the sentence of what was done.</param>
    /// <param name="from">From when it counts; null where it does at once.</param>
    /// <param name="added">An address that was not held before; null where none was added.</param>
    public Task AddAsync(
        PortalDb db,
        Tenant tenant,
        User user,
        IEnumerable<string> held,
        string what,
        DateTimeOffset? from,
        string? added = null
    ) =>
        notices.AddAsync(
            db,
            new(NoticeKind.SecurityInfo, tenant, user, () => Say(tenant, user, what, from))
            {
                Held = [.. held],
                Added = added is null ? [] : [added],
                PageLanguage = CultureInfo.CurrentUICulture.Name,
            }
        );

    /// <summary>To the phone that counted until then, where another takes its place and it may be texted; within the caller's transaction.</summary>
    public async Task TextAsync(
        PortalDb db,
        Tenant tenant,
        User user,
        ContactData before,
        ContactField field,
        CancellationToken cancellation
    )
    {
        if (
            field == ContactField.AuthenticationPhone
            && before.Mobile is { } old
            && served.Contains(MessageChannel.Sms)
            && NumberRules.Refuses(await rules.CountriesAsync(tenant.Id, cancellation), MessageChannel.Sms, old) is null
        )
        {
            var text = texts["NoticeToOldPhone", tenant.Name, user.UserPrincipalName, tenant.HelpdeskPhone];
            messages.Add(
                db,
                tenant.Id,
                MessageChannel.Sms,
                new(old.WithoutExtension, null, text),
                clock.GetUtcNow() + NoticeSender.Lifetime
            );
        }
    }

    /// <summary>After the commit.</summary>
    public void Wake() => notices.Wake();

    private (string, string) Say(Tenant tenant, User user, string what, DateTimeOffset? from)
    {
        var done = texts[$"Notice{what}"].Value;
        var counts = from is { } at ? texts["NoticeCountsFrom", at.UtcDateTime.ToString("f", CultureInfo.CurrentCulture)].Value : "";
        return (
            texts["NoticeSubject", tenant.Name],
            texts["NoticeText", user.UserPrincipalName, tenant.Name, $"{done} {counts}".Trim(), tenant.HelpdeskPhone]
        );
    }
}
