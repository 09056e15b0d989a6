using System.Text;

namespace Agent.Directory;

internal static class LdapFilter
{
    /// <summary>A value that stands for itself in a filter, whatever it holds (RFC 4515 section 3; H58).</summary>
    public static string Escape(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            text.Append(
                c switch
                {
                    '\\' => "\\5c",
                    '*' => "\\2a",
                    '(' => "\\28",
                    ')' => "\\29",
                    '\0' => "\\00",
                    _ => c.ToString(),
                }
            );
        }

        return text.ToString();
    }
}
