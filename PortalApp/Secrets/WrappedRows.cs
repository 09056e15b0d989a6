using PortalApp.Data;

namespace PortalApp.Secrets;

/// <summary>What a slice keeps wrapped by the master key, so that a new key can take the old one's place.</summary>
/// <param name="What">Such as "messages".</param>
/// <param name="RewrapAsync">
/// Wraps some of the rows that another than the newest key wrapped anew, each only if it still is as it was read, and says how many it found.
/// </param>
internal sealed record WrappedRows(string What, Func<PortalDb, MasterKey, CancellationToken, Task<int>> RewrapAsync)
{
    /// <summary>A statement each: nobody waits for the writer longer than for one.</summary>
    public const int AtOnce = 50;
}
