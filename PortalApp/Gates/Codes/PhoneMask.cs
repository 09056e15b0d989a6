using Portal.Contacts;

namespace PortalApp.Gates.Codes;

/// <summary>What a page may show of a number: <c>•••78</c>. Its last two digits, nothing of the country and no length.</summary>
internal static class PhoneMask
{
    private const int Shown = 2;

    public static string Of(PhoneNumber number) => $"•••{number.Callable[^Shown..]}";

    /// <summary>For whoever is signed in as the one it belongs to.</summary>
    public static string WithCountry(PhoneNumber number) => $"{number.Value.Split(' ')[0]} {Of(number)}";
}
