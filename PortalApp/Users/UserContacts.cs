using Portal.Contacts;

namespace PortalApp.Users;

internal static class UserContacts
{
    /// <summary>A stored value that is not of its form any more counts as absent.</summary>
    public static ContactData ToContactData(this User user) =>
        new(
            PhoneNumber.TryParse(First(user, ContactField.PhoneNumber)),
            PhoneNumber.TryParse(First(user, ContactField.MobilePhone)),
            PhoneNumber.TryParse(First(user, ContactField.AuthenticationPhone)),
            [
                .. user
                    .Contacts.Where(c => c.Field == ContactField.AlternateEmailAddresses)
                    .OrderBy(c => c.Position)
                    .Select(c => EmailAddress.TryParse(c.Value))
                    .OfType<EmailAddress>(),
            ],
            EmailAddress.TryParse(First(user, ContactField.AuthenticationEmail)),
            EmailAddress.TryParse(First(user, ContactField.DirectoryMail))
        );

    private static string? First(User user, ContactField field) => user.Contacts.FirstOrDefault(c => c.Field == field)?.Value;
}
