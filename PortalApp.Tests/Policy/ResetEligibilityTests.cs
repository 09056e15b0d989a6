using PortalApp.Gates;
using PortalApp.Policy;

namespace PortalApp.Tests.Policy;

/// <summary>M20, M21.</summary>
public sealed class ResetEligibilityTests
{
    private static readonly GateMethod[] Mail = [GateMethod.AlternateEmail];
    private static readonly GateMethod[] MailTwice = [GateMethod.AlternateEmail, GateMethod.AlternateEmail];
    private static readonly GateMethod[] MailAndText = [GateMethod.AlternateEmail, GateMethod.MobilePhoneText];

    [Fact]
    public void One_gate_needs_one_method()
    {
        Assert.IsType<ResetEligibility.Proceed>(ResetEligibility.Of(true, true, Suffices(1, Mail)));
        Assert.IsType<ResetEligibility.TooFewMethods>(ResetEligibility.Of(true, true, Suffices(1)));
    }

    [Fact]
    public void Two_gates_need_two_different_methods()
    {
        Assert.IsType<ResetEligibility.Proceed>(ResetEligibility.Of(true, true, Suffices(2, MailAndText)));
        Assert.IsType<ResetEligibility.TooFewMethods>(ResetEligibility.Of(true, true, Suffices(2, Mail)));
        Assert.IsType<ResetEligibility.TooFewMethods>(ResetEligibility.Of(true, true, Suffices(2, MailTwice)));
    }

    [Fact]
    public void Who_may_not_is_told_so_before_what_is_missing()
    {
        Assert.IsType<ResetEligibility.NotEnabled>(ResetEligibility.Of(false, false, Suffices(2)));
        Assert.IsType<ResetEligibility.NoLicence>(ResetEligibility.Of(true, false, Suffices(2)));
    }

    private static bool Suffices(int gates, params GateMethod[] methods) =>
        new GateProfile([.. methods.Select(m => new GateHolding(m, null, [1]))]).Suffices(gates);
}
