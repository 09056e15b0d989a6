using System.Security.Cryptography;
using System.Text;

namespace Portal.Agents;

/// <summary>An enrolment code: 130 random bits as 26 letters and digits of Crockford's base32, in groups of five or six, easy to read aloud.</summary>
public static class EnrolmentCodeText
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Letters = 26;

    public static string New()
    {
        var letters = RandomNumberGenerator.GetString(Alphabet, Letters);
        return $"{letters[..6]}-{letters[6..11]}-{letters[11..16]}-{letters[16..21]}-{letters[21..]}";
    }

    /// <summary>SHA-256 of the code without hyphens and spaces, in capitals; look-alikes (O, I, L) read as Crockford says.</summary>
    public static byte[] Hash(string typed)
    {
        var plain = new StringBuilder();
        foreach (var letter in typed.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit))
        {
            plain.Append(
                letter switch
                {
                    'O' => '0',
                    'I' or 'L' => '1',
                    _ => letter,
                }
            );
        }

        return SHA256.HashData(Encoding.ASCII.GetBytes(plain.ToString()));
    }
}
