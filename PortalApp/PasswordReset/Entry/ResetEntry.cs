using System.Diagnostics;
using Portal.Tenants;
using Portal.Tenants.Names;
using PortalApp.Audit;
using PortalApp.Captcha;
using PortalApp.Passwords;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;
using PortalApp.Writeback;

namespace PortalApp.PasswordReset.Entry;

/// <summary>
/// Takes the first form. What is said about the tenant comes before the name is looked up, so that it tells nothing of the name (H6); a second
/// captcha is asked of every name alike.
/// </summary>
internal sealed class ResetEntry(
    CaptchaVerifier captcha,
    ThrottleStore throttle,
    LargeNetworks large,
    FailureBudgets budgets,
    TenantStore tenants,
    PasswordHomes homes,
    NameEntry names,
    EntryRefusals refusals,
    Limits limits,
    LogPerMinute lines,
    ILogger<ResetEntry> logger
)
{
    /// <param name="solution">Of the captcha, as it was sent.</param>
    public async Task<EntryAnswer> BeginAsync(string? typed, string? solution, Visitor visitor, CancellationToken cancellation)
    {
        var reading = UserPrincipalName.Read(typed);
        if (
            await captcha.VerifyAsync(solution, cancellation) is not CaptchaVerdict.Passed { Purpose: var purpose }
            || (!purpose.IsFirst && purpose != captcha.SecondFor(reading.Value))
        )
        {
            Say("captcha");
            return new EntryAnswer.CaptchaWrong();
        }

        // The second captcha goes with the place that was taken by the first.
        var network = visitor.Network;
        var home = reading.Value is { } typedName ? await tenants.FindByDomainAsync(typedName.Domain, cancellation) : null;
        var flows = await large.OfAsync(limits.FlowsOfNetwork, network, home?.Tenant.Id, cancellation);
        if (purpose.IsFirst && !await throttle.TakeAsync(flows, network, cancellation))
        {
            lines.Say("network capped", more => logger.NetworkCapped(network, more));
            return new EntryAnswer.TooManyFromHere();
        }

        if (reading.Value is not { } name)
        {
            Say("not of the form of a user ID");
            return reading is NameReading<UserPrincipalName>.Forbidden sign
                ? new EntryAnswer.NameForbidden(sign.CodePoint)
                : new EntryAnswer.NameWrong(string.IsNullOrWhiteSpace(typed));
        }

        if (purpose.IsFirst && await budgets.AreUsedUpAsync(home?.Tenant.Id, cancellation))
        {
            Say("a second captcha is asked for");
            return new EntryAnswer.CaptchaAgain(captcha.New(captcha.SecondFor(name)));
        }

        return await BeginAsync(home, name, visitor, cancellation);
    }

    /// <summary>For whoever came by a link that the helpdesk had sent to them: without the first form, and with each gate that is asked for.</summary>
    public async Task<EntryAnswer> BeginByLinkAsync(UserPrincipalName name, Visitor visitor, CancellationToken cancellation)
    {
        // A network that used its places up has one left for who is helped.
        var network = visitor.Network;
        await throttle.TakeAsync(large.Of(limits.FlowsOfNetwork, network), network, cancellation);
        return await BeginAsync(await tenants.FindByDomainAsync(name.Domain, cancellation), name, visitor, cancellation);
    }

    private async Task<EntryAnswer> BeginAsync(
        (Tenant Tenant, Domain Domain)? home,
        UserPrincipalName name,
        Visitor visitor,
        CancellationToken cancellation
    )
    {
        if (home is not { } found)
        {
            return await refusals.RefuseAsync(RefusalCode.Closed, null, null, visitor, cancellation);
        }

        return await OfTenantAsync(found.Tenant, found.Domain, cancellation) is { } code
            ? await refusals.RefuseAsync(code, found.Tenant, null, visitor, cancellation)
            : await names.BeginAsync(found.Tenant, name, visitor, cancellation);
    }

    private void Say(string why) => lines.Say($"first form {why}", more => logger.EntryRefused(why, more));

    /// <summary>The same for every name.</summary>
    private async Task<RefusalCode?> OfTenantAsync(Tenant tenant, Domain domain, CancellationToken cancellation)
    {
        if (!tenant.ResetEnabled)
        {
            return RefusalCode.Closed;
        }

        return await homes.Of(domain.PasswordManagement).HealthAsync(domain, cancellation) switch
        {
            HealthAnswer.Up => null,
            HealthAnswer.NotDeployed => RefusalCode.WritebackNotDeployed,
            HealthAnswer.Down => RefusalCode.Unreachable,
            _ => throw new UnreachableException(),
        };
    }
}
