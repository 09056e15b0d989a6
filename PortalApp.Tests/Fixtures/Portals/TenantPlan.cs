using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>How an operator makes one organisation able to reset: tenant, domain, an agent with its own directory account and OU, contact data.</summary>
internal sealed record TenantPlan(string Name, string Domain, string BindName, string ScopeDn, IReadOnlyList<ForestAccount> People)
{
    public static TenantPlan Corp { get; } =
        new("Corp", ForestPopulation.Suffix, Forest.AgentUpn, Forest.StaffDn, ForestPopulation.Staff)
        {
            Groups = [ForestPopulation.StaffGroupDn, ForestPopulation.FinanceGroupDn],
        };

    public static TenantPlan Other { get; } =
        new("Other", ForestPopulation.OtherSuffix, Forest.OtherAgentUpn, Forest.OtherTenantDn, ForestPopulation.Other);

    /// <summary>Distinguished names of those that the agent tells the portal of.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Adds the tenant and enrols its agent, which does not run yet.</summary>
    /// <returns>The tenant's number.</returns>
    public async Task<int> JoinAsync(PortalProcess portal, AgentProcess agent, AgentSetup setup, CancellationToken cancellation)
    {
        var tenant = await portal.AddTenantAsync(Name, "+31 201234567", $"helpdesk@{Name.ToLowerInvariant()}.example", cancellation);
        await portal.AddDomainAsync(Domain, tenant, cancellation: cancellation);
        await agent.ConfigureAsync(setup with { BindName = BindName, Scopes = [ScopeDn], Groups = Groups }, cancellation);
        await agent.EnrolAsync(portal.Address, await portal.NewAgentCodeAsync(tenant, cancellation), cancellation);
        return tenant;
    }

    /// <summary>Everybody but <see cref="ForestPopulation.NoContact"/> gets an alternate address; the first sync must have run.</summary>
    public Task GiveContactsAsync(PortalProcess portal, CancellationToken cancellation) =>
        portal.ImportAlternateMailsAsync(People.Where(person => person != ForestPopulation.NoContact), cancellation);
}
