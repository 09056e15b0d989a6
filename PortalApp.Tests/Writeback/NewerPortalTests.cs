using Agent.Writeback;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.Relay;

namespace PortalApp.Tests.Writeback;

/// <summary>What this agent makes of a portal that asks or says more than it knows.</summary>
[Trait("Case", "H89")]
public sealed class NewerPortalTests(ForestFixture forests) : IAsyncLifetime
{
    private const string Password = "Quiet-Harbour-77";
    private const int OfANewerVersion = 99;
    private readonly AgentPortal portal = new();
    private AgentUnderTest agent = null!;

    public static TheoryData<int> Kinds => [.. Enum.GetValues<RequestKind>().Cast<int>(), OfANewerVersion];

    public async ValueTask InitializeAsync() => agent = new(new AgentSetup("https://portal.test", await forests.StartedAsync()), portal);

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        portal.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_the_agent_does_not_do_it_answers_as_not_supported_and_alarms_nobody(int kind)
    {
        using var forge = new Forge { Tenant = new TenantId(1), Issued = TimeProvider.System.GetUtcNow() };
        var request = forge
            .OfEveryKind(Password)
            .Append(new WritebackRequest.Unsupported(forge.Header, OfANewerVersion))
            .Single(one => one.Kind == (RequestKind)kind);

        var result = await agent.SendAsync(request);

        Assert.Equal(
            !KnownKinds.All.Contains(request.Kind),
            result is WritebackResult.NotAttempted { Reason: WritebackReason.NotSupported }
        );
        var isClaimed =
            request
            is WritebackRequest.Reset
                or WritebackRequest.Change
                or WritebackRequest.AdministratorReset
                or WritebackRequest.Unlock
                or WritebackRequest.Verify;
        Assert.Equal(isClaimed ? 1 : 0, portal.Claims);
        Assert.Empty(portal.Alarms);
    }

    [Fact]
    public async Task A_reset_is_carried_out_beside_a_portal_whose_answers_say_more()
    {
        portal.IsNewer = true;
        var account = ForestPopulation.User with { Given = "Newer", Surname = "Portal" };
        agent.Setup.Forest.Admin.AddAccount(account);

        Assert.Equal(new WritebackResult.Applied(false), await agent.ResetAsync(account.Dn, Password));
        await agent.Recovery.RunAsync(TestContext.Current.CancellationToken);

        Assert.True(agent.Journal.IsIntact);
        Assert.True(agent.Setup.Forest.Admin.Bind(account.Upn, Password).Accepted);
    }
}
