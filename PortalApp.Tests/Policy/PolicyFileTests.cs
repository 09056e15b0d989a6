using PortalApp.Gates;
using PortalApp.Policy;
using PortalApp.Users.Groups;

namespace PortalApp.Tests.Policy;

public sealed class PolicyFileTests
{
    private static readonly Group[] Groups = [Named(1, "Staff"), Named(2, "Board"), Named(3, "Guests"), Named(4, "Guests")];

    private static readonly PolicyList List = new(
        [
            new(
                "Board",
                [2],
                PolicyTerms.First with
                {
                    Gates = 2,
                    Methods = [GateMethod.AlternateEmail, GateMethod.MobilePhoneText],
                    Help = [HelpRule.CallerFirst, HelpRule.OfRoles],
                }
            ),
            new("Quiet", [1], PolicyTerms.First with { ForWhom = new PolicyAudience.Nobody(), TellsAdministrators = true }),
        ],
        PolicyTerms.First with
        {
            ForWhom = new PolicyAudience.Groups([1, 2]),
            Methods = [GateMethod.SecurityQuestions],
            QuestionsAlone = true,
        }
    );

    [Fact]
    public void What_goes_out_comes_in_as_it_was()
    {
        var json = PolicyFile.Write(List, Groups.ToDictionary(g => g.Id, g => g.Name));

        Assert.Equal(List, Assert.IsType<PolicyFileReading.Read>(PolicyFile.Read(json, Groups)).List);
        Assert.Contains("\"version\": 1", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", nameof(PolicyFileFault.NotJson), "$ (1)")]
    [InlineData("[]", nameof(PolicyFileFault.NotJson), null)]
    [InlineData("""{"version":1}""", nameof(PolicyFileFault.NotJson), null)]
    [InlineData("""{"version":2,"anything":1}""", nameof(PolicyFileFault.OtherVersion), "2")]
    [InlineData(
        """{"version":1,"policies":null,"default":{"forWhom":"Everyone","gates":1,"methods":[]}}""",
        nameof(PolicyFileFault.NotJson),
        null
    )]
    [InlineData(
        """{"version":1,"policies":[],"default":{"forWhom":"Everyone","gates":1,"methods":[],"owner":"me"}}""",
        nameof(PolicyFileFault.NotJson),
        null
    )]
    [InlineData(
        """{"version":1,"policies":[],"default":{"forWhom":"Everyone","gates":1,"methods":["Telepathy"]}}""",
        nameof(PolicyFileFault.UnknownMethod),
        "Telepathy"
    )]
    [InlineData(
        """{"version":1,"policies":[],"default":{"forWhom":"Everyone","gates":1,"methods":["1"]}}""",
        nameof(PolicyFileFault.UnknownMethod),
        "1"
    )]
    [InlineData(
        """{"version":1,"policies":[],"default":{"forWhom":"Everyone","gates":1,"methods":[],"help":["Everything"]}}""",
        nameof(PolicyFileFault.UnknownHelp),
        "Everything"
    )]
    [InlineData(
        """{"version":1,"policies":[],"default":{"forWhom":"Some","gates":1,"methods":[]}}""",
        nameof(PolicyFileFault.UnknownAudience),
        "Some"
    )]
    [InlineData(
        """{"version":1,"policies":[],"default":{"forWhom":"Groups","forGroups":["Ghosts"],"gates":1,"methods":[]}}""",
        nameof(PolicyFileFault.UnknownGroup),
        "Ghosts"
    )]
    [InlineData(
        """{"version":1,"policies":[],"default":{"forWhom":"Groups","forGroups":["Guests"],"gates":1,"methods":[]}}""",
        nameof(PolicyFileFault.GroupOfTwo),
        "Guests"
    )]
    public void What_does_not_read_is_told_with_what_is_wrong(string json, string fault, string? what)
    {
        var wrong = Assert.IsType<PolicyFileReading.Wrong>(PolicyFile.Read(json, Groups));

        Assert.Equal(fault, wrong.Fault.ToString());
        Assert.Equal(what ?? wrong.What, wrong.What);
    }

    [Fact]
    public void A_group_that_is_gone_is_not_there()
    {
        Groups[0].GoneAt = DateTimeOffset.UnixEpoch;
        var json = PolicyFile.Write(List, Groups.ToDictionary(g => g.Id, g => g.Name));

        Assert.Equal(new PolicyFileReading.Wrong(PolicyFileFault.UnknownGroup, "Staff"), PolicyFile.Read(json, Groups));
        Groups[0].GoneAt = null;
    }

    private static Group Named(long id, string name) => new() { Id = id, Name = name };
}
