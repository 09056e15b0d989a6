namespace Agent.DirectorySync.Links;

internal enum ConnectorSpace
{
    Forest = 1,
    Cloud = 2,
}

/// <summary>Between an object of a connector space and a person of the metaverse; it remembers which rule made it.</summary>
/// <param name="SourceAnchor">The object's: its objectGUID, in the cloud's space that of the object it was exported for.</param>
internal sealed record Link(ConnectorSpace Space, string Connector, string SourceAnchor, string Person, string Rule);
