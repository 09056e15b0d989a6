namespace Agent.DirectorySync.Groups;

/// <summary>A group of the agent's list as the directory has it now.</summary>
/// <param name="Listed">As the agent's file names it; the group itself may have been renamed or moved since.</param>
/// <param name="Members">Source anchors of the people within the scopes who are in it: by its own list, by groups in it, or as their primary group.</param>
internal sealed record ForestGroup(
    Guid ObjectGuid,
    string Listed,
    string DistinguishedName,
    string Name,
    IReadOnlyCollection<string> Members
)
{
    /// <summary>Lower case with hyphens.</summary>
    public string SourceAnchor => ObjectGuid.ToString("D");
}
