namespace Agent;

internal static class AgentVersion
{
    /// <summary>Three numbers.</summary>
    public static string Text { get; } = typeof(AgentVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
