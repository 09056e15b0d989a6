using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>The whole of it as processes, as an operator would run it: one portal, two tenants, an agent each, on a forest that exists.</summary>
internal sealed class LiveSystem : IAsyncDisposable
{
    private LiveSystem(string folder, Forest forest, TestCertificates certificates)
    {
        Folder = folder;
        Forest = forest;
        Portal = new(Path.Combine(folder, "portal"), Log("portal"), Loopback.FreePort(), certificates);
        Agent = new(Path.Combine(folder, "agent"), Log("agent"));
        OtherAgent = new(Path.Combine(folder, "other-agent"), Log("other-agent"));
    }

    public string Folder { get; }
    public Forest Forest { get; }
    public PortalProcess Portal { get; }

    /// <summary>Of <see cref="TenantPlan.Corp"/>.</summary>
    public AgentProcess Agent { get; }

    /// <summary>Of <see cref="TenantPlan.Other"/>.</summary>
    public AgentProcess OtherAgent { get; }

    public int Tenant { get; private set; }
    public int OtherTenant { get; private set; }

    /// <summary>Returns when a reset would work in both tenants.</summary>
    /// <param name="change">Of what both agents' operators wrote.</param>
    public static async Task<LiveSystem> StartAsync(
        Forest forest,
        TestCertificates certificates,
        Func<AgentSetup, AgentSetup>? change = null,
        CancellationToken cancellation = default
    )
    {
        var system = new LiveSystem(Repository.NewFolder("system"), forest, certificates);
        try
        {
            await system.Portal.StartAsync(cancellation);
            var setup = new AgentSetup(system.Portal.Address, forest) { SyncSeconds = 5 };
            setup = change?.Invoke(setup) ?? setup;
            system.Tenant = await TenantPlan.Corp.JoinAsync(system.Portal, system.Agent, setup, cancellation);
            system.OtherTenant = await TenantPlan.Other.JoinAsync(system.Portal, system.OtherAgent, setup, cancellation);
            await Task.WhenAll(system.Agent.StartAsync(cancellation), system.OtherAgent.StartAsync(cancellation));
            await TenantPlan.Corp.GiveContactsAsync(system.Portal, cancellation);
            await TenantPlan.Other.GiveContactsAsync(system.Portal, cancellation);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await OtherAgent.DisposeAsync();
        await Portal.DisposeAsync();
    }

    private string Log(string part) => Path.Combine(Folder, "logs", part + ".log");
}
