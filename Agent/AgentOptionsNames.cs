using Agent.Directory;

namespace Agent;

/// <summary>Values of <c>agent.json</c> that name something in the directory.</summary>
internal static class AgentOptionsNames
{
    public static string? BaseDn(string key, string value) =>
        value.Length == 0 ? $"{key}: write a distinguished name; it looks like DC=corp,DC=example,DC=org."
        : DnProblem(value) is { } problem ? $"{key}: {problem}."
        : null;

    public static string? Scopes(string key, IReadOnlyList<string> values, DistinguishedName? root)
    {
        return values.Count == 0 ? $"{key}: write a list of at least one distinguished name." : Below(key, values, root);
    }

    public static string? Below(string key, IReadOnlyList<string> values, DistinguishedName? root)
    {
        return Join(key, values.Select(Problem));

        string? Problem(string value) =>
            DnProblem(value)
            ?? (
                root is not null && DistinguishedName.TryParse(value)?.IsOrLiesBelow(root) is not true
                    ? $"\"{value}\" does not lie at or below directory.baseDn"
                    : null
            );
    }

    /// <summary>Each a SID, a distinguished name or a user principal name, told apart by what stands in it.</summary>
    public static string? Protected(string key, IReadOnlyList<string> values)
    {
        return Join(key, values.Select(Problem));

        static string? Problem(string value) =>
            Sid.TryParse(value) is not null ? null
            : value.StartsWith("S-1-", StringComparison.OrdinalIgnoreCase) ? $"\"{value}\" is no SID"
            : IsDn(value) ? DnProblem(value)
            : value.Contains('@', StringComparison.Ordinal) ? null
            : $"\"{value}\" is neither a SID, nor a distinguished name, nor a user principal name";
    }

    /// <summary>In the one form that the directory takes; what is no distinguished name stays as it is.</summary>
    public static string Normalise(string value) => DistinguishedName.TryParse(value)?.Text ?? value;

    public static bool IsDn(string value) => value.Contains('=', StringComparison.Ordinal);

    private static string? DnProblem(string value) =>
        DistinguishedName.Read(value) is DistinguishedNameReading.Wrong(var position, var why)
            ? $"\"{value}\" is no distinguished name, at character {position}: {why}"
            : null;

    private static string? Join(string key, IEnumerable<string?> problems) =>
        problems.OfType<string>().ToArray() is { Length: > 0 } told ? $"{key}: {string.Join("; ", told)}." : null;
}
