using System.Globalization;
using PhoneNumbers;
using PhoneNumber = Portal.Contacts.PhoneNumber;

namespace PortalApp.Users;

/// <summary>What the world's numbering plans say of a phone number.</summary>
/// <param name="Name">For a log: no number in it.</param>
/// <param name="Country">By ISO 3166-1; null where it is of none.</param>
/// <param name="IsKnown">It is of a range that is given out.</param>
/// <param name="IsCalled">A call to it pays nobody.</param>
/// <param name="IsTexted">The same, and it may take texts.</param>
internal sealed record PhoneKind(string Name, string? Country, bool IsKnown, bool IsCalled, bool IsTexted)
{
    private const int NorthAmerica = 1;

    private static readonly PhoneKind NoNumber = new("no number", null, false, false, false);

    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <summary>Also of a kind that the list of numbers does not know: it is behind what countries give out.</summary>
    private static readonly PhoneNumberType[] Texted =
    [
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.UNKNOWN,
    ];

    private static readonly PhoneNumberType[] Called = [.. Texted, PhoneNumberType.FIXED_LINE, PhoneNumberType.UAN];

    public static PhoneKind Of(PhoneNumber number)
    {
        try
        {
            var parsed = Numbers.Parse(number.Callable, null);
            var type = Numbers.GetNumberType(parsed);
            return Numbers.IsPossibleNumber(parsed)
                ? new($"{type}", CountryOf(parsed), type != PhoneNumberType.UNKNOWN, Called.Contains(type), Texted.Contains(type))
                : NoNumber;
        }
        catch (NumberParseException)
        {
            return NoNumber;
        }
    }

    /// <summary>The ones that a country code is for. North America's also has countries whose numbers are dear: they are named or not served.</summary>
    /// <param name="prefix">Such as <c>+31</c>.</param>
    public static IEnumerable<string> CountriesOf(string prefix) =>
        int.TryParse(prefix.TrimStart('+'), CultureInfo.InvariantCulture, out var code)
            ? code == NorthAmerica
                ? ["US", "CA"]
                : [Numbers.GetRegionCodeForCountryCode(code)]
            : [];

    /// <summary>A number of no known kind is its code's first country's, except in North America, where it may be any of twenty.</summary>
    private static string? CountryOf(PhoneNumbers.PhoneNumber number) =>
        Numbers.GetRegionCodeForNumber(number)
        ?? (number.CountryCode == NorthAmerica ? null : Numbers.GetRegionCodeForCountryCode(number.CountryCode));
}
