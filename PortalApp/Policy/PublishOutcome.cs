using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Policy;

/// <summary>What came of publishing. Closed: the three cases below.</summary>
internal abstract record PublishOutcome
{
    private PublishOutcome() { }

    public sealed record Published(PolicyVersion Version) : PublishOutcome;

    public sealed record Wrong(IReadOnlyList<FieldError> Errors) : PublishOutcome;

    /// <summary>Somebody published another version meanwhile, which the caller has not seen.</summary>
    public sealed record ChangedMeanwhile(Actor By, DateTimeOffset At) : PublishOutcome;
}
