using System.Security.Cryptography;
using Portal.Policy;

namespace PortalApp.Helpdesk.TemporaryPasswords;

/// <summary>
/// A password that nobody chose, to be read out: groups such as <c>Kmb7</c> between hyphens, without letters and digits that are taken for others,
/// of at least four kinds of character, and as long as the account's rules want it. Four groups are 66 random bits. Cannot print.
/// </summary>
internal sealed class GeneratedPassword
{
    private const string Capitals = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string Small = "abcdefghjkmnpqrstuvwxyz";
    private const string Digits = "23456789";
    private const int ShortestLength = 19;
    private readonly string text;

    private GeneratedPassword(string text, NewPassword password) => (this.text, Password) = (text, password);

    public NewPassword Password { get; }

    /// <summary>For the one page that shows it, once.</summary>
    public string Show() => text;

    public override string ToString() => "(password)";

    public static GeneratedPassword For(PasswordRules rules)
    {
        var length = Math.Clamp(rules.MinimumLength, ShortestLength, NewPassword.MaxLength);
        while (true)
        {
            var groups = Enumerable.Range(0, (length / 5) + 1).Select(_ => Group());
            var text = string.Join('-', groups)[..length];
            if (
                !rules.Names.Any(name => text.Contains(name, StringComparison.OrdinalIgnoreCase))
                && rules.Judge(text) is PolicyVerdict.Accepted { Password: var password }
            )
            {
                return new(text, password);
            }
        }
    }

    private static string Group() =>
        RandomNumberGenerator.GetString(Capitals, 1)
        + RandomNumberGenerator.GetString(Small, 2)
        + RandomNumberGenerator.GetString(Digits, 1);
}
