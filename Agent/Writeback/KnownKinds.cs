using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>What this agent does; whatever else it is asked, it answers that it does not (<see cref="WritebackReason.NotSupported"/>).</summary>
internal static class KnownKinds
{
    public static IReadOnlyList<RequestKind> All { get; } =
    [
        RequestKind.Health,
        RequestKind.Check,
        RequestKind.Reset,
        RequestKind.Change,
        RequestKind.Unlock,
        RequestKind.AdministratorReset,
        RequestKind.Verify,
        RequestKind.Explain,
    ];
}
