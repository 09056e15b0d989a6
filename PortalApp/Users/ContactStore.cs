using Portal.Contacts;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Users;

/// <summary>The one place where contact values are written, whoever sets them: who may set which (M24–M27), in which form, and which stands where two differ.</summary>
internal static class ContactStore
{
    /// <param name="typed">One, or several in their order where the field has several; blank ones and doubles are left out. None removes the value.</param>
    /// <returns>Null where it is set, or was so before.</returns>
    public static FieldError? Write(
        User user,
        ContactField field,
        IEnumerable<string?> typed,
        ContactSource source,
        Actor by,
        DateTimeOffset now
    )
    {
        if (!MaySet(source, field))
        {
            return new(field.ToString(), Fault.NotToSet, source);
        }

        var values = new List<string>();
        foreach (var text in typed.OfType<string>().Where(text => !string.IsNullOrWhiteSpace(text)))
        {
            if (Read(field, text) is not { } value)
            {
                return IsEmail(field)
                    ? new(field.ToString(), Fault.NoEmailAddress, text)
                    : new(field.ToString(), Fault.PhoneForm, text, "+31 612345678");
            }

            values.Add(value);
        }

        string[] distinct = [.. values.Distinct(StringComparer.OrdinalIgnoreCase)];
        if (source == ContactSource.Sync ? Flow(user, field, distinct, now) : Replace(user, field, distinct, source, now))
        {
            user.Revise(by, now);
        }

        return null;
    }

    private static bool MaySet(ContactSource source, ContactField field) =>
        field switch
        {
            ContactField.PhoneNumber or ContactField.MobilePhone => source != ContactSource.Registration,
            ContactField.AlternateEmailAddresses => source is ContactSource.Administrator or ContactSource.Api,
            ContactField.DirectoryMail => source == ContactSource.Sync,
            _ => source == ContactSource.Registration,
        };

    private static bool IsEmail(ContactField field) =>
        field is ContactField.AlternateEmailAddresses or ContactField.AuthenticationEmail or ContactField.DirectoryMail;

    private static string? Read(ContactField field, string typed) =>
        IsEmail(field) ? EmailAddress.TryParse(typed)?.Value : PhoneNumber.TryParse(typed)?.Value;

    /// <summary>A number that somebody set by hand stands until the directory has one, and the directory takes back only what was its own.</summary>
    private static bool Flow(User user, ContactField field, string[] values, DateTimeOffset now)
    {
        var held = user.Contacts.SingleOrDefault(c => c.Field == field);
        return (held, values) switch
        {
            (null, []) or ({ Source: not ContactSource.Sync }, []) => false,
            ({ Value: var same }, [var value]) when same == value => false,
            _ => Replace(user, field, values, ContactSource.Sync, now),
        };
    }

    private static bool Replace(User user, ContactField field, string[] values, ContactSource source, DateTimeOffset now)
    {
        user.Contacts.RemoveAll(c => c.Field == field && c.Position >= values.Length);
        for (var position = 0; position < values.Length; position++)
        {
            var held = user.Contacts.SingleOrDefault(c => c.Field == field && c.Position == position);
            if (held is null)
            {
                held = new ContactValue
                {
                    Tenant = user.Tenant,
                    UserId = user.Id,
                    Field = field,
                    Position = position,
                    Value = "",
                };
                user.Contacts.Add(held);
            }

            (held.Value, held.Source, held.ChangedAt) = (values[position], source, now);
            if (PhoneNumber.TryParse(held.Value) is { } number && PhoneKind.Of(number) is var kind)
            {
                (held.Country, held.TakesTexts) = (kind.IsCalled ? kind.Country : null, kind.IsTexted);
            }
        }

        return true;
    }
}
