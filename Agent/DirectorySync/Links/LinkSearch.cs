namespace Agent.DirectorySync.Links;

/// <summary>What the way cloud CS object → metaverse → forest CS object came to (M13).</summary>
internal abstract record LinkSearch
{
    private LinkSearch() { }

    /// <summary>Every link is there, the last one made by "In from AD – User AccountEnabled".</summary>
    public sealed record Found(string Connector, Guid ObjectGuid) : LinkSearch;

    /// <summary>Joined, but at the last import the account was disabled: nothing is set, and a live look says whether it is disabled still.</summary>
    public sealed record DisabledOnly(string Connector, Guid ObjectGuid) : LinkSearch;

    /// <summary>More than one account is linked by "In from AD – User AccountEnabled": none is chosen (H60).</summary>
    public sealed record Several : LinkSearch;

    /// <param name="Link">Which one is missing, for the administrator.</param>
    public sealed record Missing(string Link) : LinkSearch;
}
