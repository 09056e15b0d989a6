using PhoneNumbers;
using PhoneNumber = Portal.Contacts.PhoneNumber;

namespace PortalApp.Registration.Contacts;

/// <summary>A phone number as people write it, beside the country that they chose.</summary>
internal static class TypedPhone
{
    public const int MaxLength = 40;

    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <summary>In the form in which it is stored (M28). One that begins with + says its country itself. Null where it is none.</summary>
    public static PhoneNumber? Read(string typed, string country)
    {
        if (typed.Length > MaxLength || typed.Any(c => char.IsLetter(c) || char.IsControl(c)))
        {
            return null;
        }

        try
        {
            var read = Numbers.Parse(typed, country);
            return Numbers.IsPossibleNumber(read)
                ? PhoneNumber.TryParse($"+{read.CountryCode} {Numbers.GetNationalSignificantNumber(read)}")
                : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
