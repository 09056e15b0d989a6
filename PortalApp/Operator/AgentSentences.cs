using Portal.Agents;
using PortalApp.Agents;

namespace PortalApp.Operator;

/// <summary>What an administrator reads of an agent, as its last hello said it.</summary>
internal static class AgentSentences
{
    /// <summary>Seconds by which two clocks may differ before it is worth a word.</summary>
    private const int ClockTolerance = 5;

    /// <summary>One half-sentence for each connector, and one where the agent's own clock is off.</summary>
    public static string Of(EnrolledAgent agent)
    {
        IReadOnlyList<string> serves = agent switch
        {
            { LastHelloAt: null } => ["says nothing yet"],
            { State: null } => ["says no connector: too old, it serves nobody"],
            { State.Connectors: [] } => ["serves no connector"],
            { State.Connectors: var connectors } => [.. connectors.Select(Of)],
        };
        var ahead = agent.ClockAhead ?? 0;
        return string.Join("; ", [.. serves, .. Clock("its clock is", ahead).Select(clock => clock + RefusedFor(ahead))]);
    }

    private static string RefusedFor(int ahead) =>
        Math.Abs(ahead) > AgentCallVerdict.Skew ? ", so that the portal takes no call from it: set both clocks right" : "";

    private static string Of(ServedConnector connector)
    {
        var answering = connector.Controllers.Count(at => at.Answers);
        var problems = connector.Controllers.SelectMany(at =>
            at.Answers ? Clock($"the clock of {at.Server} is", at.ClockAhead ?? 0) : [$"{at.Server} does not answer"]
        );
        string[] parts =
        [
            connector.Filled
                ? $"{connector.Name}: ready"
                : $"{connector.Name}: not ready, its first synchronisation has not been completed",
            $"{answering} of {connector.Controllers.Count} controllers answer",
            .. problems,
        ];
        return string.Join(", ", parts);
    }

    private static string[] Clock(string whose, int ahead) =>
        Math.Abs(ahead) <= ClockTolerance ? [] : [$"{whose} {Math.Abs(ahead)} s {(ahead > 0 ? "ahead" : "behind")}"];
}
