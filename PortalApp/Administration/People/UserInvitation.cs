using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.SignIn.Invitations;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Administration.People;

/// <param name="DisplayName">May be empty.</param>
/// <param name="Email">Where the link goes; the person's alternate e-mail from then on.</param>
internal sealed record Invitee(string UserPrincipalName, string DisplayName, string Email);

/// <summary>
/// Adds a person whose password lives in the portal, and mails them the link by which they choose it: nobody chooses or sees somebody else's
/// password.
/// </summary>
internal sealed class UserInvitation(
    IDbContextFactory<PortalDb> databases,
    UserStore users,
    InvitationStore invitations,
    MessageQueue messages,
    IStringLocalizer<AdministrationTexts> texts,
    TimeProvider clock
)
{
    private const int MaxDisplayName = 256;

    public async Task<ChangeOutcome<User>> InviteAsync(Tenant tenant, Invitee invitee, Actor by, CancellationToken cancellation)
    {
        var (name, mail) = (UserPrincipalName.TryParse(invitee.UserPrincipalName), EmailAddress.TryParse(invitee.Email));
        List<FieldError> wrong =
        [
            .. name is null ? [new FieldError(nameof(Invitee.UserPrincipalName), Fault.WriteUserId)] : Array.Empty<FieldError>(),
            .. IsName(invitee.DisplayName)
                ? Array.Empty<FieldError>()
                : [new FieldError(nameof(Invitee.DisplayName), Fault.WriteDisplayName)],
            .. mail is null ? [new FieldError(nameof(Invitee.Email), Fault.WriteEmail)] : Array.Empty<FieldError>(),
        ];
        if (name is null || mail is null || wrong.Count > 0)
        {
            return new ChangeOutcome<User>.Wrong(wrong);
        }

        var outcome = await databases.ChangeAsync(db => InviteAsync(db, tenant, name, invitee, by, cancellation), cancellation);
        messages.Wake();
        return outcome;
    }

    private async Task<ChangeOutcome<User>> InviteAsync(
        PortalDb db,
        Tenant tenant,
        UserPrincipalName name,
        Invitee invitee,
        Actor by,
        CancellationToken cancellation
    )
    {
        var added = await users.AddAsync(db, tenant.Id, name, by, cancellation);
        if (added is not ChangeOutcome<User>.Done { Value: var user })
        {
            return added;
        }

        var now = clock.GetUtcNow();
        user.DisplayName = invitee.DisplayName.Length == 0 ? null : invitee.DisplayName;
        if (
            ContactStore.Write(user, ContactField.AlternateEmailAddresses, [invitee.Email], ContactSource.Administrator, by, now) is
            { } refused
        )
        {
            return new ChangeOutcome<User>.Wrong([refused with { Field = nameof(Invitee.Email) }]);
        }

        await db.SaveChangesAsync(cancellation);
        var link = await invitations.InviteAsync(db, user, by, cancellation);
        messages.Add(
            db,
            tenant.Id,
            MessageChannel.Email,
            new(invitee.Email, texts["InvitationSubject", tenant.Name], texts["InvitationText", tenant.Name, user.UserPrincipalName, link]),
            now + InvitationStore.Lifetime
        );
        return added;
    }

    private static bool IsName(string typed) => typed.Length <= MaxDisplayName && !typed.EnumerateRunes().Any(Rune.IsControl);
}
