namespace Portal.Policy;

/// <summary>
/// A password on its way to the directory. Cannot print, compare, serialise or be logged; <see cref="Reveal"/> is called where it is sealed,
/// where it is handed to LDAP, and there to name the rule that it broke; nowhere else (pinned by a test).
/// </summary>
public sealed class NewPassword
{
    /// <summary>UTF-16 code units; Active Directory's own limit.</summary>
    public const int MaxLength = 256;

    private readonly string text;

    private NewPassword(string text) => this.text = text;

    /// <summary>Null for what no directory can hold: empty, over 256, NUL, or a lone surrogate (H55, H56). Nothing is trimmed or normalised.</summary>
    public static NewPassword? TryCreate(string? typed) =>
        typed is { Length: > 0 and <= MaxLength } && !typed.Contains('\0', StringComparison.Ordinal) && IsWellFormed(typed)
            ? new(typed)
            : null;

    public string Reveal() => text;

    public override string ToString() => "(password)";

    internal static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
