using System.Text.RegularExpressions;

namespace Portal.Contacts;

/// <summary>A phone number in the form of M28: <c>+31 612345678</c>, with an optional extension <c>x1234</c> that is stripped before any call or text.</summary>
public sealed partial record PhoneNumber
{
    private PhoneNumber(string value, string callable)
    {
        Value = value;
        Callable = callable;
    }

    /// <summary>As stored, with the extension.</summary>
    public string Value { get; }

    /// <summary>As stored, without the extension: <c>+31 612345678</c>.</summary>
    public string WithoutExtension => Value.Split('x')[0];

    /// <summary>As called: E.164 without the space and the extension.</summary>
    public string Callable { get; }

    /// <summary>Null where it is not of that form, or has more than 15 digits (E.164).</summary>
    public static PhoneNumber? TryParse(string? typed)
    {
        var match = Form().Match(typed?.Trim() ?? "");
        if (!match.Success)
        {
            return null;
        }

        var digits = match.Groups["country"].Value + match.Groups["rest"].Value;
        return digits.Length > 15 ? null : new(match.Value, "+" + digits);
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A\+(?<country>[1-9][0-9]{0,2}) (?<rest>[0-9]{4,14})(x[0-9]{1,8})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
