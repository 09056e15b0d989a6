using Portal.Tenants;
using PortalApp.Gates;
using PortalApp.PasswordReset.Decoys;
using PortalApp.PasswordReset.Flows;
using PortalApp.Policy;
using PortalApp.Secrets;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;
using PortalApp.Throttle.Familiar;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.PasswordReset.Entry;

/// <summary>Begins a flow for a name of a tenant, or says why not. A name without an account takes every step that one with an account takes.</summary>
internal sealed class NameEntry(
    UserStore users,
    PolicyStore policies,
    Memberships memberships,
    GateProfiles profiles,
    IEnumerable<IGate> gates,
    ShareCount shares,
    FamiliarPlaces familiar,
    FailureStore failures,
    ThrottleStore throttle,
    Limits limits,
    PortalKeys keys,
    FlowStore flows,
    EntryRefusals refusals
)
{
    public async Task<EntryAnswer> BeginAsync(Tenant tenant, UserPrincipalName name, Visitor visitor, CancellationToken cancellation)
    {
        var user = await users.FindByNameAsync(tenant.Id, name, cancellation);
        var policy = await policies.HoldingAsync(tenant.Id, cancellation);
        var dealt = await shares.OfAsync(policy);
        var decoy = Decoy.Of(keys.Decoy, tenant.Id, name);
        var (page, drawn) = (dealt.DrawPage(decoy), dealt.DrawProfile(decoy));
        var subject = user?.Id ?? decoy.Subject;
        var groups = await memberships.OfAsync(tenant.Id, subject, cancellation);
        var drawnGroups = dealt.DrawGroups(decoy);
        var terms = policy.List.For(user is null ? drawnGroups.ToHashSet() : groups);
        var own = await profiles.OfAsync(GatePerson.Of(tenant.Id, subject, user), terms.Methods, cancellation);
        var caller = new Caller(
            visitor.Network,
            await familiar.OfAsync(tenant.Id, subject, visitor.Browser, visitor.Network, cancellation)
        );
        var isLimited = await IsLimitedAsync(tenant, subject, caller, cancellation);
        var code = user is null ? page : ShareCount.RefusalOf(ResetEligibility.Of(user, own, terms));
        if ((code ?? (isLimited ? RefusalCode.Limited : null)) is { } why)
        {
            return await refusals.RefuseAsync(why, tenant, subject, visitor, cancellation);
        }

        var origin = new FlowOrigin(caller, familiar.BrowserMac(tenant.Id, subject, visitor.Browser), visitor.Trace);
        var (row, key) = await flows.BeginAsync(tenant, policy, name, user, subject, drawn, drawnGroups, origin, cancellation);
        return await FirstAsync(row, tenant, user, user is null ? drawn : own, cancellation) is { } next
            ? new EntryAnswer.Begun(key, next)
            : await refusals.RefuseAsync(RefusalCode.Limited, tenant, subject, visitor, cancellation);
    }

    private async Task<bool> IsLimitedAsync(Tenant tenant, string subject, Caller caller, CancellationToken cancellation) =>
        await failures.LookAsync(tenant.Id, subject, caller, byMethod: null, cancellation) is FailureVerdict.PersonLimited
        || await throttle.UsedUpUntilAsync(limits.SuccessesOfPerson, $"{tenant.Id}/{subject}", cancellation) is not null;

    /// <summary>Where there is one method, its gate is begun at once.</summary>
    /// <returns>The page to go on; null where there is nothing to go on to but the helpdesk.</returns>
    private async Task<string?> FirstAsync(Flow row, Tenant tenant, User? user, GateProfile held, CancellationToken cancellation)
    {
        if (StandingFlow.AskedOf(row, [.. held.Beside(new HashSet<GateMethod>())]) is not { Method: var only })
        {
            return ResetPaths.Method;
        }

        var begun = await gates.Of(only).BeginAsync(StandingFlow.SubjectOf(row, tenant, user), anew: false, cancellation);
        return begun is GateBeginning.Refused { Why.IsOfThePerson: true } ? null : ResetPaths.Verify;
    }
}
