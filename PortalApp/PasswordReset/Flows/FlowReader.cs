using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Passwords;
using PortalApp.Policy;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.PasswordReset.Flows;

/// <summary>Finds a flow and works out where it stands, from the database alone: the same after a reload, in another tab and after a restart.</summary>
internal sealed class FlowReader(
    IDbContextFactory<PortalDb> databases,
    TenantStore tenants,
    UserStore users,
    PolicyStore policies,
    PasswordHomes homes,
    Eligibility eligibility,
    IEnumerable<IGate> gates,
    RequestWatch watch,
    Limits limits,
    TimeProvider clock
)
{
    /// <summary>Longer than the longest deadline (300 s) and what is added to it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(6);

    public Task<StandingFlow?> FindAsync(HttpRequest request, CancellationToken cancellation) =>
        FlowCookie.ReadHash(request) is { } hash ? FindAsync(f => f.KeyHash == hash, cancellation) : Task.FromResult<StandingFlow?>(null);

    /// <summary>Waits until the open request of this flow has ended, and tells where the flow stands then.</summary>
    public async Task<StandingFlow?> AfterWaitAsync(StandingFlow flow, CancellationToken cancellation)
    {
        var open = flow.Stage is ResetStage.Setting ? flow.Row.ResetRequest : flow.Row.CheckRequest;
        if (open is not null)
        {
            await watch.WaitAsync(flow.Row.Tenant, new RequestId(open), LongestWait, cancellation);
        }

        return await FindAsync(f => f.Id == flow.Row.Id && f.Tenant == flow.Row.Tenant, cancellation);
    }

    private async Task<StandingFlow?> FindAsync(System.Linq.Expressions.Expression<Func<Flow, bool>> which, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var row = await db.Set<Flow>().AsNoTracking().Include(f => f.PassedGates).SingleOrDefaultAsync(which, cancellation);
        return row is not null && await tenants.FindByDomainAsync(DomainOf(row), cancellation) is { } found && found.Tenant.Id == row.Tenant
            ? await StandAsync(row, found.Tenant, homes.Of(found.Domain.PasswordManagement), cancellation)
            : null;
    }

    private async Task<StandingFlow> StandAsync(Flow row, Tenant tenant, IPasswordHome? home, CancellationToken cancellation)
    {
        // Looked up for a decoy too, which finds nobody.
        var user = await users.FindAsync(row.Tenant, row.Subject, cancellation);
        var policy = await policies.SinceAsync(row.Tenant, row.Policy, cancellation);
        var alive =
            clock.GetUtcNow() < row.ExpiresAt
            && tenant.ResetEnabled
            && home is not null
            && (row.UserId is null || user is not null)
            && eligibility.Of(user, policy) is ResetEligibility.Proceed;
        var subject = StandingFlow.SubjectOf(row, tenant, user);
        var passed = row.PassedGates.Where(g => alive && StillHolds(g, subject, policy)).Select(g => g.Method).ToHashSet();
        var facts = new ResetFacts(
            Identified: true,
            alive,
            policy.Gates,
            passed.Count,
            row.PassedGates.Any(g => g.SpentAt is not null),
            await AskedAsync(row.Tenant, row.CheckRequest, cancellation),
            await AskedAsync(row.Tenant, row.ResetRequest, cancellation),
            row.Attempts,
            limits.AttemptsPerFlow
        );
        var next = alive
            ? gates.OrderBy(g => g.Method).FirstOrDefault(g => !passed.Contains(g.Method) && IsUsable(g, subject, policy))
            : null;
        return new(row, tenant, user, policy, home, ResetFlow.StageOf(facts), next, passed.Count);
    }

    private static string DomainOf(Flow row) => UserPrincipalName.TryParse(row.UserPrincipalName)!.Domain;

    private bool StillHolds(PassedGate passed, GateSubject subject, PolicyTerms policy) =>
        gates.SingleOrDefault(g => g.Method == passed.Method) is { } gate
        && IsUsable(gate, subject, policy)
        && CryptographicOperations.FixedTimeEquals(passed.AddressMac, gate.AddressMac(subject));

    private static bool IsUsable(IGate gate, GateSubject subject, PolicyTerms policy) =>
        policy.Methods.Contains(gate.Method) && (subject.Contacts is not { } contacts || gate.IsUsable(contacts));

    private async Task<Asked> AskedAsync(TenantId tenant, string? request, CancellationToken cancellation)
    {
        if (request is null)
        {
            return Asked.Nothing;
        }

        var result = await watch.WaitAsync(tenant, new RequestId(request), TimeSpan.Zero, cancellation);
        return result is null ? Asked.NoAnswer : new Asked.Answered(result);
    }
}
