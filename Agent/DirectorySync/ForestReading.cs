using Agent.DirectorySync.Groups;

namespace Agent.DirectorySync;

/// <summary>What reading a forest comes upon. Closed: the cases below.</summary>
internal abstract record ForestReading
{
    private ForestReading() { }

    public sealed record Account(ForestObject Object) : ForestReading;

    /// <summary>To its end, without one account. An agent that has lost its rights sees the same.</summary>
    public sealed record ScopeEmpty(string Scope) : ForestReading;

    /// <param name="Why">The directory's own words.</param>
    public sealed record ScopeUnread(string Scope, string Why) : ForestReading;

    public sealed record Group(ForestGroup Found) : ForestReading;

    /// <summary>The directory has it neither under the listed name nor under the object id that it had there.</summary>
    public sealed record GroupNotFound(string Listed) : ForestReading;

    /// <param name="Why">The directory's own words.</param>
    public sealed record GroupUnread(string Listed, string Why) : ForestReading;
}
