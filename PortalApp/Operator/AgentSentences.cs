using Portal.Agents;
using PortalApp.Agents;

namespace PortalApp.Operator;

/// <summary>What an administrator reads of an agent, as its last hello said it.</summary>
internal static class AgentSentences
{
    /// <summary>Seconds by which two clocks may differ before it is worth a word.</summary>
    private const int ClockTolerance = 5;

    /// <summary>One half-sentence for each connector, and one where the agent's own clock is off.</summary>
    public static string Of(EnrolledAgent agent) =>
        agent switch
        {
            { LastHelloAt: null } => "says nothing yet",
            { State: null } => "says no connector: too old, it serves nobody",
            { State: { Connectors: [] } } => "serves no connector",
            { State: { } state, LastHelloAt: { } at } => string.Join(
                "; ",
                [.. state.Connectors.Select(Of), .. Clock("its clock is", (int)Math.Round((state.Clock - at).TotalSeconds))]
            ),
        };

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
