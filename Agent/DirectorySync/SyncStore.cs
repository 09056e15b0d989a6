using Portal.Writeback;

namespace Agent.DirectorySync;

/// <summary>Connector spaces, metaverse and links, in a file of their own.</summary>
internal sealed class SyncStore(string path)
{
    public LinkSearch Find(CloudAnchor anchor) => new LinkSearch.Missing($"No cloud object {anchor} in {path}.");
}
