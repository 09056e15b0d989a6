using Portal.Policy;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Data;
using PortalApp.Tenants;
using PortalApp.Users;
using PortalApp.Writeback;

namespace PortalApp.Passwords;

/// <summary>The organisation's own directory, reached by its agents (M2). Nothing but a home asks <see cref="WritebackClient"/>.</summary>
internal sealed class OnPremisesHome(WritebackClient writeback, WritebackHealth health, DomainConnectors connectors, AgentStore agents)
    : IPasswordHome
{
    private static readonly PasswordRules Unknown = new(PolicySource.Domain, null, 0, false, 0, false, null, []);

    public PasswordRules? KnownRules(User user) => null;

    /// <summary>All connectors that hold people of the domain must be well, since it is said to every name alike (H6).</summary>
    public async Task<HealthAnswer> HealthAsync(Domain domain, CancellationToken cancellation) =>
        await health.AskAsync(domain.Tenant, await connectors.OfAsync(domain, cancellation), cancellation);

    public Task<RequestAdding> CheckAsync(PortalDb db, User user, RequestOrigin origin, CancellationToken cancellation) =>
        writeback.AddAsync(db, user, origin, (header, anchor) => new WritebackRequest.Check(header, anchor), cancellation);

    public Task<RequestAdding> SetAsync(
        PortalDb db,
        User user,
        NewPassword password,
        RequestOrigin origin,
        CancellationToken cancellation
    ) => SetAsync(db, user, password, origin, null, cancellation);

    /// <param name="before">What is to stand before it is sent; null for nothing.</param>
    public Task<RequestAdding> SetAsync(
        PortalDb db,
        User user,
        NewPassword password,
        RequestOrigin origin,
        BeforeSending? before,
        CancellationToken cancellation
    ) =>
        writeback.AddAsync(
            db,
            user,
            origin,
            (header, anchor) => new WritebackRequest.Reset(header, anchor, password),
            cancellation,
            before: before
        );

    public Task<RequestAdding> ChangeAsync(
        PortalDb db,
        User user,
        string key,
        CurrentPassword current,
        NewPassword password,
        RequestOrigin origin,
        CancellationToken cancellation
    ) => ChangeAsync(db, user, key, current, password, origin, null, cancellation);

    /// <param name="before">What is to stand before it is sent; null for nothing.</param>
    public Task<RequestAdding> ChangeAsync(
        PortalDb db,
        User user,
        string key,
        CurrentPassword current,
        NewPassword password,
        RequestOrigin origin,
        BeforeSending? before,
        CancellationToken cancellation
    ) =>
        writeback.AddAsync(
            db,
            user,
            origin,
            (header, anchor) => new WritebackRequest.Change(header, anchor, current, password),
            cancellation,
            key,
            before
        );

    public Task<RequestAdding> SetTemporaryAsync(
        PortalDb db,
        User user,
        NewPassword password,
        bool mustChange,
        RequestOrigin origin,
        CancellationToken cancellation
    ) =>
        writeback.AddAsync(
            db,
            user,
            origin,
            (header, anchor) => new WritebackRequest.AdministratorReset(header, anchor, password, mustChange),
            cancellation
        );

    /// <summary>Ends the lock that wrong passwords put on the account; the password stays as it is.</summary>
    public Task<RequestAdding> UnlockAsync(PortalDb db, User user, RequestOrigin origin, CancellationToken cancellation) =>
        writeback.AddAsync(db, user, origin, (header, anchor) => new WritebackRequest.Unlock(header, anchor), cancellation);

    /// <summary>By the rules alone that the directory told; it judges the rest itself.</summary>
    public Task<PolicyVerdict> JudgeAsync(User user, PasswordRules? rules, string typed, CancellationToken cancellation) =>
        Task.FromResult((rules ?? Unknown).Judge(typed));

    /// <summary>Whether this is the password, for who signs in; asked of any name of the domain alike. Changes nothing but the count of wrong ones.</summary>
    /// <param name="key">What is counted for the name.</param>
    /// <param name="user">Null where the name has no account.</param>
    /// <returns>Null where too many are being asked, or one of that name: nothing was.</returns>
    public async Task<RequestId?> VerifyAsync(
        Domain domain,
        string key,
        User? user,
        CurrentPassword current,
        CancellationToken cancellation
    ) => await writeback.AskAsync(new(domain.Tenant, await ConnectorAsync(domain, user, cancellation), key, user), current, cancellation);

    /// <summary>What stands between a person of a directory and the account there; changes nothing.</summary>
    /// <returns>Null where as many are being asked as may be, or this person is.</returns>
    public Task<RequestId?> ExplainAsync(User user, string initiator, CancellationToken cancellation) =>
        writeback.ExplainAsync(user, initiator, cancellation);

    /// <summary>Of a name that no directory has: one that holds people of the domain, or that the tenant's agents are ready for.</summary>
    private async Task<string> ConnectorAsync(Domain domain, User? user, CancellationToken cancellation)
    {
        if (user?.Connector is { } own)
        {
            return own;
        }

        var holding = await connectors.OfAsync(domain, cancellation);
        if (holding.Count == 0)
        {
            holding = (await agents.ActiveAsync(domain.Tenant, cancellation)).Connectors;
        }

        return holding is [var first, ..] ? first : "";
    }
}
