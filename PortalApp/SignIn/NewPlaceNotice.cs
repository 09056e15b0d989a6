using System.Globalization;
using Microsoft.Extensions.Localization;
using PortalApp.Data;
using PortalApp.Notifications.Notices;
using PortalApp.SignIn.Attempts;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Throttle.Familiar;
using PortalApp.Users;

namespace PortalApp.SignIn;

/// <summary>
/// Tells a person that somebody signed in as them where they never did: in a browser and from a network that are both new. Of the very first
/// place nobody is told, as there is nothing that it differs from.
/// </summary>
internal sealed class NewPlaceNotice(TenantStore tenants, NoticeSender notices, IStringLocalizer<SignInTexts> texts)
{
    /// <summary>Within the caller's transaction, before the place is remembered.</summary>
    public async Task AddAsync(PortalDb db, Attempt attempt, User user, CancellationToken cancellation)
    {
        if (
            attempt.Familiarity == Familiarity.Stranger
            && await FamiliarPlaces.AreThereAsync(db, user.Tenant, attempt.Subject, cancellation)
            && await tenants.FindAsync(user.Tenant, cancellation) is { } tenant
        )
        {
            await notices.AddAsync(
                db,
                new(NoticeKind.NewPlace, tenant, user, () => Say(tenant, user, attempt.Network))
                {
                    PageLanguage = CultureInfo.CurrentUICulture.Name,
                }
            );
        }
    }

    /// <summary>After the commit.</summary>
    public void Wake() => notices.Wake();

    private (string Subject, string Text) Say(Tenant tenant, User user, string network) =>
        (texts["NewPlaceSubject", tenant.Name], texts["NewPlaceText", user.UserPrincipalName, tenant.Name, network]);
}
