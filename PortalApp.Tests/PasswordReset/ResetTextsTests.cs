using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Portal.Policy;
using Portal.Writeback;
using PortalApp.PasswordReset;
using PortalApp.Passwords;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.PasswordReset;

public sealed partial class ResetTextsTests
{
    private static readonly ResourceManager Reset = new(typeof(ResetTexts));
    private static readonly ResourceManager Passwords = new(typeof(PasswordTexts));

    [Fact]
    public void Every_reason_says_what_happened_and_what_to_do() =>
        Assert.All(
            Enum.GetNames<WritebackReason>().SelectMany(r => new[] { $"Reason{r}Heading", $"Reason{r}Text" }),
            key => Assert.False(string.IsNullOrEmpty(Passwords.GetString(key, CultureInfo.InvariantCulture)), key)
        );

    [Fact]
    public void Every_broken_rule_has_its_sentence() =>
        Assert.All(
            Enum.GetNames<RuleBroken>().Select(r => $"Broken{r}"),
            key => Assert.False(string.IsNullOrEmpty(Passwords.GetString(key, CultureInfo.InvariantCulture)), key)
        );

    [Fact]
    public void Every_refusal_has_its_sentences() =>
        Assert.All(
            Enum.GetNames<RefusalCode>().SelectMany(r => new[] { $"Refused{r}Heading", $"Refused{r}Text" }),
            key => Assert.False(string.IsNullOrEmpty(Reset.GetString(key, CultureInfo.InvariantCulture)), key)
        );

    [Theory]
    [InlineData("PasswordReset", "UserIdHint")]
    [InlineData("PasswordChange", "Busy")]
    [InlineData("Passwords", "RulesTitle")]
    [InlineData("Layout", "StartAgain")]
    [InlineData("Desk", "Skip")]
    [InlineData("Administration", "UsersHeading")]
    [InlineData("SignIn", "CodesText")]
    [InlineData("Gates", "MailSubject")]
    [InlineData("Captcha", "NoScript")]
    public void Every_sentence_that_a_page_names_is_there(string folder, string known)
    {
        var files = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "PortalApp", folder), "*", SearchOption.AllDirectories)
            .ToLookup(Path.GetExtension);
        var held = files[".resx"].SelectMany(f => XElement.Load(f).Elements("data")).Select(d => (string)d.Attribute("name")!).ToHashSet();
        var named = files[".razor"]
            .Concat(files[".cs"])
            .SelectMany(f => Named().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups["key"].Value)
            .ToHashSet();

        Assert.Contains(known, named);
        Assert.Empty(named.Except(held));
    }

    [Theory]
    [InlineData("", "invalid")]
    [InlineData("nl", "ongeldig")]
    public void No_sentence_blames_or_shouts(string language, string blame)
    {
        var set = Reset.GetResourceSet(CultureInfo.GetCultureInfo(language), true, false)!;

        Assert.All(
            set.Cast<System.Collections.DictionaryEntry>(),
            entry =>
            {
                Assert.DoesNotContain("!", (string)entry.Value!, StringComparison.Ordinal);
                Assert.DoesNotContain(blame, (string)entry.Value!, StringComparison.OrdinalIgnoreCase);
            }
        );
    }

    [GeneratedRegex("""[Tt]exts\["(?<key>\w+)"[\],]""", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
