using System.Globalization;
using System.Text;
using Portal.Contacts;

namespace PortalApp.Users.Search;

/// <summary>
/// The one form of what is searched and of what is typed: small letters without accents, numbers without the zeros and signs before them. Each
/// word of a name, each part of a user ID, a mail address and the digits of a phone, with and without its country, are found by their beginning.
/// </summary>
internal static class SearchText
{
    public const int MaxTerm = 64;

    /// <summary>Sorts behind everything that begins the same, in both databases, which compare byte by byte.</summary>
    private const string Last = "\U0010FFFF";

    public static IReadOnlyCollection<string> TermsOf(User user)
    {
        if (user.GoneAt is not null)
        {
            return [];
        }

        var at = user.UserPrincipalName.LastIndexOf('@');
        var found = Parts(user.UserPrincipalName[..at])
            .Append(user.UserPrincipalName)
            .Concat(
                (user.DisplayName ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SelectMany(w => Parts(w).Append(w))
            )
            .Concat(user.Contacts.SelectMany(c => OfContact(c.Value)))
            .Select(Term)
            .Where(term => term.Length > 0)
            .Order(StringComparer.Ordinal)
            .Distinct()
            .ToList();

        // What another one begins with is found by that.
        return [.. found.Where((term, i) => i + 1 == found.Count || !found[i + 1].StartsWith(term, StringComparison.Ordinal))];
    }

    /// <summary>What was typed, as beginnings that must all be there; none where nothing was. The longest, which fewest people have, is first.</summary>
    public static IReadOnlyList<string> WordsOf(string typed)
    {
        string[] words = IsPhone(typed) ? [Digits(typed)] : typed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return [.. words.Select(Term).Where(word => word.Length > 0).Distinct().OrderByDescending(word => word.Length)];
    }

    /// <summary>Terms that begin with a word are at or behind it, and before this.</summary>
    public static string EndOf(string word) => word + Last;

    private static IEnumerable<string> OfContact(string value) =>
        value.Contains('@', StringComparison.Ordinal) ? [value]
        : PhoneNumber.TryParse(value) is { } phone ? [phone.Callable, phone.Value.Split(' ', 'x')[1]]
        : [Digits(value)];

    private static string[] Parts(string word) =>
        string.Concat(word.Select(c => char.IsLetterOrDigit(c) || char.IsSurrogate(c) ? c : ' '))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsPhone(string typed) =>
        typed.Any(char.IsAsciiDigit) && typed.All(c => char.IsAsciiDigit(c) || " +-().".Contains(c, StringComparison.Ordinal));

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    private static string Term(string word)
    {
        var plain = string.Concat(
            string.Concat(word.EnumerateRunes())
                .Normalize(NormalizationForm.FormKD)
                .Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && !char.IsControl(c))
        );
        var bare = plain.Trim().TrimStart('0', '+', '(', '"', '\'').ToLowerInvariant();
        return bare.Length <= MaxTerm ? bare
            : char.IsHighSurrogate(bare[MaxTerm - 1]) ? bare[..(MaxTerm - 1)]
            : bare[..MaxTerm];
    }
}
