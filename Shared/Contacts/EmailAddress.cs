using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace Portal.Contacts;

/// <summary>An e-mail address of the usual form, Unicode included (M29); no display name, control character, invisible mark or space (H111),
/// and before the @ words between dots (RFC 5321 §4.1.2), so that a server takes what was taken here.</summary>
public sealed record EmailAddress
{
    /// <summary>Characters (RFC 5321 §4.5.3.1.3, less the angle brackets).</summary>
    public const int MaxLength = 254;

    private EmailAddress(string value, int at)
    {
        Value = value;
        Domain = value[(at + 1)..];
    }

    public string Value { get; }

    public string Domain { get; }

    public static EmailAddress? TryParse(string? typed)
    {
        var text = typed?.Trim() ?? "";
        if (
            text.Length is 0 or > MaxLength
            || text.EnumerateRunes().Any(r => r == Rune.ReplacementChar || Rune.GetUnicodeCategory(r) == UnicodeCategory.Format)
            || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || "<>,;:\"()[]\\".Contains(c, StringComparison.Ordinal))
        )
        {
            return null;
        }

        var at = text.LastIndexOf('@');
        return
            at > 0
            && at == text.IndexOf('@', StringComparison.Ordinal)
            && at < text.Length - 1
            && text[..at].Split('.').All(atom => atom.Length > 0)
            && MailAddress.TryCreate(text, out _)
            ? new(text, at)
            : null;
    }

    public override string ToString() => Value;
}
