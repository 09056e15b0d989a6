using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Portal.Policy;
using Portal.Writeback;
using PortalApp.Administration;
using PortalApp.Captcha;
using PortalApp.Desk;
using PortalApp.Gates;
using PortalApp.Layout;
using PortalApp.PasswordReset;
using PortalApp.SignIn;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.PasswordReset;

public sealed partial class ResetTextsTests
{
    private static readonly ResourceManager Reset = new(typeof(ResetTexts));

    [Fact]
    public void Every_reason_says_what_happened_and_what_to_do() =>
        Assert.All(
            Enum.GetNames<WritebackReason>().SelectMany(r => new[] { $"Reason{r}Heading", $"Reason{r}Text" }),
            key => Assert.False(string.IsNullOrEmpty(Reset.GetString(key, CultureInfo.InvariantCulture)), key)
        );

    [Fact]
    public void Every_refusal_and_every_broken_rule_has_its_sentences() =>
        Assert.All(
            Enum.GetNames<RefusalCode>()
                .SelectMany(r => new[] { $"Refused{r}Heading", $"Refused{r}Text" })
                .Concat(Enum.GetNames<RuleBroken>().Select(r => $"Broken{r}")),
            key => Assert.False(string.IsNullOrEmpty(Reset.GetString(key, CultureInfo.InvariantCulture)), key)
        );

    [Theory]
    [InlineData("PasswordReset", typeof(ResetTexts), "UserIdHint")]
    [InlineData("Layout", typeof(LayoutTexts), "StartAgain")]
    [InlineData("Desk", typeof(DeskTexts), "Skip")]
    [InlineData("Administration", typeof(AdministrationTexts), "UsersHeading")]
    [InlineData("SignIn", typeof(SignInTexts), "CodesText")]
    [InlineData("Gates", typeof(GateTexts), "MailSubject")]
    [InlineData("Captcha", typeof(CaptchaTexts), "NoScript")]
    public void Every_sentence_that_a_page_names_is_there(string folder, Type texts, string known)
    {
        var resources = new ResourceManager(texts);
        var named = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "PortalApp", folder), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".razor" or ".cs")
            .SelectMany(f => Named().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups["key"].Value)
            .ToHashSet();

        Assert.Contains(known, named);
        Assert.All(named, key => Assert.False(string.IsNullOrEmpty(resources.GetString(key, CultureInfo.InvariantCulture)), key));
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
