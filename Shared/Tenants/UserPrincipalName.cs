using System.Text;

namespace Portal.Tenants;

/// <summary>
/// A user principal name as a person types it, brought to the one form that is compared and hashed (H5, H53, H54, H57):
/// edge spaces cut, Unicode NFC, lower case by the invariant culture. Look-alikes stay different.
/// </summary>
public sealed record UserPrincipalName
{
    /// <summary>Characters; longer ones are refused as a name that nobody has.</summary>
    public const int MaxLength = 256;

    private UserPrincipalName(string value, int at)
    {
        Value = value;
        Domain = value[(at + 1)..];
    }

    public string Value { get; }

    /// <summary>What stands behind the last @.</summary>
    public string Domain { get; }

    /// <summary>Null for what has no name, no domain, a control character, a lone surrogate or over 256 characters.</summary>
    public static UserPrincipalName? TryParse(string? typed)
    {
        var trimmed = typed?.Trim() ?? "";
        if (trimmed.Length is 0 or > MaxLength || !IsWellFormed(trimmed))
        {
            return null;
        }

        var value = trimmed.Normalize(NormalizationForm.FormC).ToLowerInvariant();
        var at = value.LastIndexOf('@');
        return at <= 0 || at == value.Length - 1 || value.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? null : new(value, at);
    }

    public override string ToString() => Value;

    private static bool IsWellFormed(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // A lone surrogate reads as the replacement character; U+FFFE is what normalisation refuses.
            if (rune == Rune.ReplacementChar || rune.Value == 0xFFFE)
            {
                return false;
            }
        }

        return true;
    }
}
