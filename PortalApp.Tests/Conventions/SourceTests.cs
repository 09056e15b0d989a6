using System.Text.RegularExpressions;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Conventions;

public sealed partial class SourceTests
{
    [Fact]
    public void No_source_file_is_longer_than_300_lines()
    {
        var tooLong = SourceFiles
            .With(".cs", ".razor", ".js", ".css")
            .Where(f => File.ReadLines(f).Count() > 300)
            .Select(SourceFiles.Relative);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Every_number_that_code_cites_stands_in_the_documents()
    {
        var known = new[] { "requirements.md", "hostile-cases.md" }
            .SelectMany(name => Number().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", name))).Select(m => m.Value))
            .ToHashSet(StringComparer.Ordinal);

        var unknown = SourceFiles
            .With(".cs", ".razor")
            .SelectMany(file => Number().Matches(File.ReadAllText(file)).Select(m => $"{SourceFiles.Relative(file)}: {m.Value}"))
            .Where(citation => !known.Contains(citation.Split(": ")[1]));

        Assert.Contains("H114", known);
        Assert.Contains("M36", known);
        Assert.Empty(unknown);
    }

    [Fact]
    public void A_password_is_revealed_only_where_it_is_sealed_opened_hashed_and_set()
    {
        var revealing = SourceFiles
            .With(".cs", ".razor")
            .Where(file => !SourceFiles.Relative(file).StartsWith("PortalApp.Tests/", StringComparison.Ordinal))
            .Where(file => Revealing().IsMatch(File.ReadAllText(file)))
            .Select(SourceFiles.Relative)
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "Agent/Directory/Accounts/PasswordChannel.cs",
                "Agent/Directory/Channels/ChannelOpening.cs",
                "PortalApp/Passwords/Hashes/UserPasswords.cs",
                "PortalApp/Passwords/Rules/BreachedPasswords.cs",
                "Shared/Policy/CurrentPassword.cs",
                "Shared/Policy/NewPassword.cs",
                "Shared/Relay/Envelopes/EnvelopePlaintext.cs",
            ],
            revealing
        );
    }

    /// <summary>A relay of another kind needs no change around these folders.</summary>
    [Fact]
    public void Nothing_but_the_two_ends_of_the_relay_knows_AMQP()
    {
        var folders = SourceFiles
            .With(".cs", ".razor")
            .Where(file => Amqp().IsMatch(File.ReadAllText(file)))
            .Select(file => string.Join('/', SourceFiles.Relative(file).Split('/')[..2]))
            .Distinct()
            .Except(["PortalApp.Tests/Relay", "PortalApp.Tests/Conventions"]);

        Assert.Equal(["Agent/Relay", "PortalApp/Relay", "Shared/Relay"], folders.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\bAmqp\.|\busing Amqp\b")]
    private static partial Regex Amqp();

    [GeneratedRegex(@"\bReveal\b")]
    private static partial Regex Revealing();

    [GeneratedRegex(@"(?<![\w.#&-])[MHI][1-9]\d{0,2}(?![\w-])")]
    private static partial Regex Number();
}
