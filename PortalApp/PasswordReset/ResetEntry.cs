using System.Diagnostics;
using Portal.Tenants;
using Portal.Tenants.Names;
using PortalApp.Audit;
using PortalApp.Captcha;
using PortalApp.Gates;
using PortalApp.PasswordReset.Decoys;
using PortalApp.PasswordReset.Flows;
using PortalApp.Passwords;
using PortalApp.Policy;
using PortalApp.Secrets;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Users;
using PortalApp.Writeback;

namespace PortalApp.PasswordReset;

/// <summary>What came of the first form. Closed: the cases below.</summary>
internal abstract record EntryAnswer
{
    private EntryAnswer() { }

    /// <param name="Key">Of the flow, for the cookie.</param>
    /// <param name="Page">The path to go on.</param>
    public sealed record Begun(string Key, string Page) : EntryAnswer;

    /// <summary>The captcha was not done, is too old or was used.</summary>
    public sealed record CaptchaWrong : EntryAnswer;

    /// <param name="IsEmpty">Nothing was typed; else it is not of the form of a user ID.</param>
    public sealed record NameWrong(bool IsEmpty) : EntryAnswer;

    /// <param name="Sign">What no user ID has and cannot always be seen, such as <c>U+200B</c>.</param>
    public sealed record NameForbidden(string Sign) : EntryAnswer;

    /// <summary>200 flows within the hour from this network.</summary>
    public sealed record TooManyFromHere : EntryAnswer;

    public sealed record Refused(Refusal Refusal) : EntryAnswer;
}

/// <summary>Begins a flow, or says why not. What is said about the tenant comes before the name is looked up, so that it tells nothing of the name (H6).</summary>
internal sealed class ResetEntry(
    CaptchaVerifier captcha,
    ThrottleStore throttle,
    LargeNetworks large,
    TenantStore tenants,
    UserStore users,
    PolicyStore policies,
    PasswordHomes homes,
    GateProfiles profiles,
    IEnumerable<IGate> gates,
    ShareCount shares,
    PortalKeys keys,
    FlowStore flows,
    Limits limits,
    AuditLog audit,
    ILogger<ResetEntry> logger
)
{
    public async Task<EntryAnswer> BeginAsync(string? typed, string? solution, NetworkPrefix network, CancellationToken cancellation)
    {
        if (await captcha.VerifyAsync(solution, cancellation) is not CaptchaVerdict.Passed)
        {
            logger.EntryRefused("captcha");
            return new EntryAnswer.CaptchaWrong();
        }

        if (!await throttle.TakeAsync(large.Of(limits.FlowsOfNetwork, network), network, cancellation))
        {
            logger.NetworkCapped(network);
            return new EntryAnswer.TooManyFromHere();
        }

        var reading = UserPrincipalName.Read(typed);
        if (reading.Value is not { } name)
        {
            logger.EntryRefused("not of the form of a user ID");
            return reading is NameReading<UserPrincipalName>.Forbidden sign
                ? new EntryAnswer.NameForbidden(sign.CodePoint)
                : new EntryAnswer.NameWrong(string.IsNullOrWhiteSpace(typed));
        }

        if (await tenants.FindByDomainAsync(name.Domain, cancellation) is not { } found)
        {
            return await RefuseAsync(RefusalCode.Closed, null, null, network, cancellation);
        }

        return await OfTenantAsync(found.Tenant, found.Domain, cancellation) is { } code
            ? await RefuseAsync(code, found.Tenant, null, network, cancellation)
            : await OfNameAsync(found.Tenant, name, network, cancellation);
    }

    /// <summary>The same for every name.</summary>
    private async Task<RefusalCode?> OfTenantAsync(Tenant tenant, Domain domain, CancellationToken cancellation)
    {
        if (!tenant.ResetEnabled)
        {
            return RefusalCode.Closed;
        }

        if (homes.Of(domain.PasswordManagement) is not { } home)
        {
            return RefusalCode.CloudOnly;
        }

        return await home.HealthAsync(domain, cancellation) switch
        {
            HealthAnswer.Up => null,
            HealthAnswer.NotDeployed => RefusalCode.WritebackNotDeployed,
            HealthAnswer.Down => RefusalCode.Unreachable,
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>A name without an account takes every step that one with an account takes.</summary>
    private async Task<EntryAnswer> OfNameAsync(
        Tenant tenant,
        UserPrincipalName name,
        NetworkPrefix network,
        CancellationToken cancellation
    )
    {
        var user = await users.FindByNameAsync(tenant.Id, name, cancellation);
        var policy = await policies.HoldingAsync(tenant.Id, cancellation);
        var dealt = await shares.OfAsync(policy);
        var decoy = Decoy.Of(keys.Decoy, tenant.Id, name);
        var (page, drawn) = (dealt.DrawPage(decoy), dealt.DrawProfile(decoy));
        var subject = user?.Id ?? decoy.Subject;
        var all = await profiles.OfAsync(new GatePerson(tenant.Id, subject, user?.ToContactData()), cancellation);
        var own = all.Among(policy.Terms.Methods);
        var code = user is null ? page : ShareCount.RefusalOf(ResetEligibility.Of(user, own, policy.Terms));
        if (code is { } why)
        {
            return await RefuseAsync(why, tenant, subject, network, cancellation);
        }

        var (row, key) = await flows.BeginAsync(tenant, policy, name, user, subject, drawn, network, cancellation);
        return new EntryAnswer.Begun(key, await FirstAsync(row, tenant, user, user is null ? drawn : own, cancellation));
    }

    /// <summary>Where there is one method, its gate is begun at once.</summary>
    private async Task<string> FirstAsync(Flow row, Tenant tenant, User? user, GateProfile held, CancellationToken cancellation)
    {
        if (StandingFlow.AskedOf(row, held.Held) is not { Method: var only })
        {
            return ResetPaths.Method;
        }

        await gates.Of(only).BeginAsync(StandingFlow.SubjectOf(row, tenant, user), anew: false, cancellation);
        return ResetPaths.Verify;
    }

    private async Task<EntryAnswer> RefuseAsync(
        RefusalCode code,
        Tenant? tenant,
        string? subject,
        NetworkPrefix network,
        CancellationToken cancellation
    )
    {
        var refusal = Refusal.Of(code, tenant);
        logger.Refused(code, tenant?.Id, refusal.Trace);
        await audit.WriteAsync(
            new(AuditEventId.ResetRefused, tenant?.Id, Actor.Visitor)
            {
                Subject = subject is null ? null : AuditSubject.User(subject),
                Trace = refusal.Trace,
                Reason = code.ToString(),
                Network = network.Value,
                Detail = Refusal.Text(code),
            },
            cancellation
        );
        return new EntryAnswer.Refused(refusal);
    }
}
