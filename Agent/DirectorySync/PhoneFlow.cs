using System.Globalization;
using PhoneNumbers;
using Matching = PhoneNumbers.PhoneNumberUtil.Leniency;
using PhoneNumber = Portal.Contacts.PhoneNumber;

namespace Agent.DirectorySync;

/// <summary>
/// Brings a phone number as directories hold it to the form of M28: <c>+31 (0)6 1234 5678</c> → <c>+31 612345678</c>. Nothing is guessed: what
/// does not read as one valid number flows as none.
/// </summary>
/// <param name="country">Of numbers that name none, by ISO 3166-1 (<c>NL</c>); null: a number must begin with its country's code.</param>
internal sealed class PhoneFlow(string? country)
{
    private const int MostTries = 8;

    /// <summary>The international prefix that ITU-T E.164 recommends; a country that has another one is told by <c>country</c>.</summary>
    private const string InternationalPrefix = "00";

    public static bool IsCountry(string code) => PhoneNumberUtil.GetInstance().GetSupportedRegions().Contains(code);

    /// <summary>Null for no number, and for one that is not certain.</summary>
    public string? Normalise(string? held)
    {
        var text = Plain(held);
        var numbers = PhoneNumberUtil.GetInstance();
        var found = numbers.FindNumbers(text, country!, Matching.VALID, MostTries).ToList();
        if (found is not [{ Start: 0, Number: var number } whole] || whole.Length != text.Length)
        {
            return PhoneNumber.TryParse(text)?.Value;
        }

        var extension = number.HasExtension ? $"x{number.Extension}" : "";
        return PhoneNumber.TryParse($"+{number.CountryCode} {numbers.GetNationalSignificantNumber(number)}{extension}")?.Value;
    }

    /// <summary>Every space as a plain one, without invisible marks and the scheme of RFC 3966.</summary>
    private string Plain(string? held)
    {
        var visible = (held ?? "").Where(c => char.GetUnicodeCategory(c) != UnicodeCategory.Format);
        var text = string.Concat(visible.Select(c => char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator ? ' ' : c)).Trim(' ');
        if (text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
        {
            text = text["tel:".Length..].TrimStart(' ');
        }

        return country is null && text.StartsWith(InternationalPrefix, StringComparison.Ordinal)
            ? $"+{text[InternationalPrefix.Length..].TrimStart(' ')}"
            : text;
    }
}
