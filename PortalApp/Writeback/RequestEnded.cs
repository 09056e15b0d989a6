using Portal.Writeback;

namespace PortalApp.Writeback;

/// <summary>What a use case does when a writing request ends, also with no page open. Called for the end, and once more when evidence resolves an Unknown.</summary>
internal delegate Task RequestEnded(IServiceProvider services, RequestRow row, WritebackResult result, CancellationToken ct);
