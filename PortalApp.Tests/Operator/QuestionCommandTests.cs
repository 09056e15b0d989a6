using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Operator;

/// <summary>Security questions by command: the desk's own store.</summary>
public sealed class QuestionCommandTests(OperatorPortal portal) : IClassFixture<OperatorPortal>
{
    [Fact]
    public async Task A_question_of_the_tenants_own_is_added_in_each_language_listed_and_removed()
    {
        Assert.Equal(0, (await RunAsync("add", "--text-en", "Which boat came first?", "--text-nl", "Welke boot kwam eerst?")).ExitCode);
        var line = (await RunAsync("list")).Output.Split('\n').Single(one => one.Contains("\town\t", StringComparison.Ordinal));
        Assert.EndsWith("own\tWhich boat came first?\tWelke boot kwam eerst?", line.TrimEnd(), StringComparison.Ordinal);

        var again = await RunAsync("add", "--text-nl", "welke boot kwam eerst?");
        Assert.Contains("This question is there already.", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("remove", line.Split('\t')[0])).ExitCode);
        Assert.DoesNotContain("\town\t", (await RunAsync("list")).Output, StringComparison.Ordinal);
        Assert.Contains("has no question", (await RunAsync("remove", line.Split('\t')[0])).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A question has 3 to 200 characters", "add")]
    [InlineData("A question has 3 to 200 characters", "add", "--text-en", "?")]
    [InlineData("At least 3 are asked", "count", "--registered", "5", "--asked", "6")]
    [InlineData("People register 3 to 8 answers", "count", "--registered", "9", "--asked", "3")]
    public async Task What_cannot_be_is_a_sentence(string said, string verb, params string[] rest)
    {
        var refused = await RunAsync([verb, .. rest]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(said, refused.Error, StringComparison.Ordinal);
    }

    private Task<CommandOutcome> RunAsync(params string[] arguments) =>
        portal.RunAsync(["question", arguments[0], "--tenant", portal.Tenant, .. arguments[1..]]);
}
