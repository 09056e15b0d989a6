using Portal.Writeback;
using PortalApp.Data;

namespace PortalApp.Writeback.Requests;

/// <summary>What waited with a request and becomes true, or never does, in the same transaction as its result.</summary>
/// <param name="row">As it was before it ended.</param>
internal delegate Task TakeEffect(PortalDb db, Request row, WritebackResult result, CancellationToken cancellation);
