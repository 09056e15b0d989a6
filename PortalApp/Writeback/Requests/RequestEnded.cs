using Portal.Writeback;

namespace PortalApp.Writeback.Requests;

/// <summary>
/// What a use case does when a request ends, also with no page open; once more when evidence resolves an unknown one (then
/// <see cref="Request.ResolvedAt"/> is set). A use case that failed, or was cut off by a crash, is called again.
/// </summary>
internal delegate Task RequestEnded(Request row, WritebackResult result, CancellationToken cancellation);
