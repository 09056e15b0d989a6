using System.Globalization;

namespace PortalApp.Layout.Languages;

/// <summary>For whom no page is open: what is said there is said in their language, wherever it is said from.</summary>
internal static class Spoken
{
    /// <param name="names">Of languages, in the order in which they are asked for; what is not spoken here is passed over.</param>
    public static CultureInfo First(params string?[] names) =>
        names.Select(ShippedLanguages.Find).FirstOrDefault(found => found is not null) ?? ShippedLanguages.Standard;

    public static T In<T>(CultureInfo language, Func<T> say)
    {
        var (page, form) = (CultureInfo.CurrentUICulture, CultureInfo.CurrentCulture);
        try
        {
            (CultureInfo.CurrentUICulture, CultureInfo.CurrentCulture) = (language, language);
            return say();
        }
        finally
        {
            (CultureInfo.CurrentUICulture, CultureInfo.CurrentCulture) = (page, form);
        }
    }
}
