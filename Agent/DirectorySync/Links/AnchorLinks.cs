using Portal.Writeback;

namespace Agent.DirectorySync.Links;

/// <summary>From a cloud anchor to the forest object that it stands for, as the last sync run left the links (M13).</summary>
/// <param name="find"><see cref="LinkStore.Find"/>.</param>
internal sealed class AnchorLinks(Func<CloudAnchor, LinkSearch> find)
{
    public LinkSearch Find(CloudAnchor anchor) => find(anchor);
}
