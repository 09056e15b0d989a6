using Portal.Writeback;

namespace Agent.DirectorySync;

/// <summary>From a cloud anchor to the forest object that it stands for, as the last sync run left the links (M13).</summary>
internal sealed class AnchorLinks(SyncStore store)
{
    public LinkSearch Find(CloudAnchor anchor) => store.Find(anchor);
}
