using System.Text.RegularExpressions;
using System.Xml.Linq;
using PortalApp.Layout.Languages;

namespace PortalApp.Tests.Conventions;

/// <summary>Every sentence is there in every language, whole, and read by somebody. English is the one that is written first.</summary>
public sealed partial class TranslationTests
{
    [Fact]
    public void The_portal_speaks_english_and_dutch() =>
        Assert.Equal(["en English", "nl Nederlands"], ShippedLanguages.All.Select(l => $"{l.Name} {ShippedLanguages.OwnName(l)}"));

    [Fact]
    public void No_sentence_is_missing_in_a_language() => AssertNone(Compare((english, own) => english.Keys.Except(own.Keys)));

    [Fact]
    public void No_language_has_a_sentence_that_english_has_not() => AssertNone(Compare((english, own) => own.Keys.Except(english.Keys)));

    [Fact]
    public void Every_sentence_has_its_placeholders_in_every_language() =>
        AssertNone(
            Compare((english, own) => english.Keys.Intersect(own.Keys).Where(key => Placeholders(english[key]) != Placeholders(own[key])))
        );

    /// <summary>Named in its own slice: as it is, or put together there, such as <c>Reason{reason}Text</c> or <c>{what}Heading</c>.</summary>
    [Fact]
    public void Every_sentence_is_named_by_a_source()
    {
        var unused = English()
            .SelectMany(file =>
            {
                var sources = SourceFiles.With(".cs", ".razor").Where(source => SliceOf(source) == SliceOf(file)).Select(File.ReadAllText);
                var names = Names(string.Join('\n', sources));
                return Sentences(file).Keys.Where(key => !names(key)).Select(key => $"{SourceFiles.Relative(file)}: {key}");
            });

        AssertNone(unused);
    }

    /// <summary>Tells all of them, each on a line of its own.</summary>
    private static void AssertNone(IEnumerable<string> found)
    {
        string[] all = [.. found];
        Assert.True(all.Length == 0, $"\n{string.Join('\n', all)}");
    }

    private static Func<string, bool> Names(string source)
    {
        var quoted = Quoted().Matches(source).Select(m => m.Groups["name"].Value).ToHashSet();
        Regex[] composed =
        [
            .. Composed()
                .Matches(source)
                .Select(m => m.Groups["name"].Value)
                .Distinct()
                .Select(name => new Regex($@"\A{Hole().Replace(name, @"(\w*)")}\z", RegexOptions.CultureInvariant)),
        ];
        // What begins with a hole would fit nearly anything: what fills it is a word of the source, such as a case's name.
        var words = Word().Matches(source).Select(m => m.Value).ToHashSet();
        return key =>
            quoted.Contains(key)
            || composed.Any(pattern =>
                pattern.Match(key) is { Success: true } match && (match.Groups[1].Index > 0 || words.Contains(match.Groups[1].Value))
            );
    }

    /// <summary>Each key for which <paramref name="faulty"/> is told, with its file.</summary>
    private static IEnumerable<string> Compare(Func<Dictionary<string, string>, Dictionary<string, string>, IEnumerable<string>> faulty) =>
        from file in English()
        from language in ShippedLanguages.All.Skip(1)
        let translated = Path.ChangeExtension(file, $".{language.Name}.resx")
        from key in faulty(Sentences(file), File.Exists(translated) ? Sentences(translated) : [])
        select $"{SourceFiles.Relative(translated)}: {key}";

    private static string[] English()
    {
        string[] files =
        [
            .. SourceFiles.With(".resx").Where(file => !Path.GetFileNameWithoutExtension(file).Contains('.', StringComparison.Ordinal)),
        ];
        Assert.NotEmpty(files);
        return files;
    }

    private static Dictionary<string, string> Sentences(string file) =>
        XDocument
            .Load(file)
            .Root!.Elements("data")
            .Where(data => !string.IsNullOrWhiteSpace(data.Element("value")?.Value))
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static string Placeholders(string sentence) =>
        string.Join(' ', Placeholder().Matches(sentence).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal));

    private static string SliceOf(string file) => SourceFiles.Relative(file).Split('/') is ["PortalApp", var slice, ..] ? slice : "";

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"""(?<name>\w+)""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\$""(?<name>\w*(\{[^}""]+\}\w*)+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Composed();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Hole();
}
