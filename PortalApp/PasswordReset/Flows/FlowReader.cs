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
using PortalApp.Users.Groups;
using PortalApp.Writeback.Requests;

namespace PortalApp.PasswordReset.Flows;

/// <summary>Finds a flow and works out where it stands, from the database alone: the same after a reload, in another tab and after a restart.</summary>
internal sealed class FlowReader(
    IDbContextFactory<PortalDb> databases,
    TenantStore tenants,
    UserStore users,
    PolicyStore policies,
    Memberships memberships,
    PasswordHomes homes,
    GateProfiles profiles,
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

    private async Task<StandingFlow> StandAsync(Flow row, Tenant tenant, IPasswordHome home, CancellationToken cancellation)
    {
        // Looked up for a decoy too, which finds nobody and nothing.
        var user = await users.FindAsync(row.Tenant, row.Subject, cancellation) is { GoneAt: null } there ? there : null;
        var groups = await memberships.OfAsync(row.Tenant, row.Subject, cancellation);
        var policy = await policies.SinceAsync(
            row.Tenant,
            row.Policy,
            row.UserId is null ? row.DrawnGroups.ToHashSet() : groups,
            cancellation
        );
        var own = await profiles.OfAsync(StandingFlow.PersonOf(row, user), policy.Methods, cancellation);
        var all = row.UserId is null ? GateProfile.Parse(row.Drawn).Among(policy.Methods) : own;
        var stands = row.PassedGates.Where(g => StillHolds(g, all)).Select(g => g.Method).ToHashSet();
        var held = all.Counting(stands);
        var alive = clock.GetUtcNow() < row.ExpiresAt && tenant.ResetEnabled && Judge(row, user, held, policy) is ResetEligibility.Proceed;
        var passed = alive ? stands : [];
        GateHolding[] choices = alive ? [.. held.Beside(passed)] : [];
        var gates = held.GatesOf(policy.Gates);
        var facts = new ResetFacts(
            Identified: true,
            alive,
            gates,
            passed.Different(),
            StandingFlow.AskedOf(row, choices) is not null,
            user?.DisputedAt is not null,
            row.PassedGates.Any(g => g.SpentAt is not null),
            await AskedAsync(row.Tenant, row.CheckRequest, cancellation),
            await AskedAsync(row.Tenant, row.ResetRequest, cancellation),
            row.Sets,
            limits.SetsPerFlow
        );
        return new(row, tenant, user, policy, home, ResetFlow.StageOf(facts), gates, passed.Different(), choices);
    }

    private static string DomainOf(Flow row) => UserPrincipalName.TryParse(row.UserPrincipalName)!.Domain;

    /// <summary>A decoy by what was drawn for it, so that a flow ends alike; null for a user who is gone.</summary>
    private static ResetEligibility? Judge(Flow row, User? user, GateProfile held, AppliedTerms policy) =>
        row.UserId is null || user is not null ? ResetEligibility.Of(user, held, policy) : null;

    private static bool StillHolds(PassedGate passed, GateProfile held) =>
        held.Of(passed.Method) is { Basis.Length: > 0 } now && CryptographicOperations.FixedTimeEquals(passed.Basis, now.Basis);

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
