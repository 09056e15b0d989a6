using System.Reflection;
using System.Text.RegularExpressions;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Conventions;

/// <summary>docs/hostile-cases.md says of each number which tests hold it, or that it is open; this holds the document to the tests.</summary>
public sealed partial class HostileCaseTests
{
    private static readonly IReadOnlyDictionary<string, string[]> Told = Line()
        .Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "hostile-cases.md")))
        .ToDictionary(
            line => line.Groups["number"].Value,
            line => line.Groups["tests"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries)
        );

    /// <summary>The classes by the numbers that their tests name; what runs once more on another database is told once.</summary>
    private static readonly ILookup<string, string> Named = typeof(HostileCaseTests)
        .Assembly.GetTypes()
        .SelectMany(type =>
            type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Prepend<MemberInfo>(type)
        )
        .SelectMany(member => member.GetCustomAttributes<TraitAttribute>(inherit: false), (member, trait) => (member, trait))
        .Where(named => named.trait.Name == "Case")
        .Select(named => (Number: named.trait.Value, Class: (named.member as Type ?? named.member.DeclaringType!).Name))
        .Distinct()
        .ToLookup(named => named.Number, named => named.Class);

    [Fact]
    public void Each_number_is_held_by_the_tests_that_it_names_or_said_to_be_open()
    {
        Assert.Equal(Enumerable.Range(1, 114).Select(number => $"H{number}"), Told.Keys);
        Assert.All(Told, line => Assert.Equal(Named[line.Key].Order(StringComparer.Ordinal), line.Value));
    }

    [Fact]
    public void Each_number_that_a_test_names_is_in_the_document() => Assert.Empty(Named.Select(named => named.Key).Except(Told.Keys));

    [GeneratedRegex(@"^- (?<number>H\d+) .* — (open|held: (?<tests>[\w, ]+))$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
