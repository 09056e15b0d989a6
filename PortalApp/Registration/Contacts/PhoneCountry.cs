using System.Globalization;
using PhoneNumbers;
using PhoneNumber = Portal.Contacts.PhoneNumber;

namespace PortalApp.Registration.Contacts;

/// <summary>A country whose numbers can be registered.</summary>
/// <param name="Code">By ISO 3166-1.</param>
/// <param name="Name">As the page's reader calls it.</param>
internal sealed record PhoneCountry(string Code, string Name, int Prefix)
{
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<PhoneCountry> List(IEnumerable<string> codes)
    {
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        return
        [
            .. codes
                .Distinct()
                .Select(code => new PhoneCountry(
                    code,
                    new Locale("", code).GetDisplayCountry(language) is { Length: > 0 } name ? name : code,
                    Numbers.GetCountryCodeForRegion(code)
                ))
                .OrderBy(country => country.Name, StringComparer.CurrentCulture),
        ];
    }

    /// <summary>Null where it is none's.</summary>
    public static string? Of(PhoneNumber? number)
    {
        try
        {
            return number is null ? null : Numbers.GetRegionCodeForNumber(Numbers.Parse(number.Callable, null));
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
