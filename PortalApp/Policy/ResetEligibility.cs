using PortalApp.Gates;
using PortalApp.Users;

namespace PortalApp.Policy;

/// <summary>What the portal's own data say about a user before the gates (M20, M21). Closed: the four cases below.</summary>
internal abstract record ResetEligibility
{
    private ResetEligibility() { }

    public sealed record Proceed : ResetEligibility;

    /// <summary>The feature is not on for this user.</summary>
    public sealed record NotEnabled : ResetEligibility;

    public sealed record NoLicence : ResetEligibility;

    /// <summary>Fewer different methods than the policy asks for gates.</summary>
    public sealed record TooFewMethods : ResetEligibility;

    /// <param name="user">Null for a decoy, for which nothing is switched off.</param>
    /// <param name="held">What the user has, among the methods of the policy.</param>
    public static ResetEligibility Of(User? user, GateProfile held, AppliedTerms policy) =>
        Of(policy.Enabled && user is not { ResetEnabled: false }, user is not { Licensed: false }, held.Suffices(policy.Gates));

    /// <param name="suffices">For the enabled methods the user has what they need, for as many as are asked for.</param>
    public static ResetEligibility Of(bool enabled, bool licensed, bool suffices) =>
        !enabled ? new NotEnabled()
        : !licensed ? new NoLicence()
        : !suffices ? new TooFewMethods()
        : new Proceed();
}
