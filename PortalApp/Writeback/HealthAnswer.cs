using Portal.Writeback;

namespace PortalApp.Writeback;

/// <summary>Whether a tenant's passwords can be set right now (M9, M22).</summary>
internal abstract record HealthAnswer
{
    private HealthAnswer() { }

    public sealed record Up : HealthAnswer;

    /// <summary>The tenant has no agent.</summary>
    public sealed record NotDeployed : HealthAnswer;

    public sealed record Down(WritebackReason Reason) : HealthAnswer;
}
