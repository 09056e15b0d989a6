using Agent.Directory;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

/// <summary>The agent's own account in the directory.</summary>
public sealed class AgentBindTests(ForestFixture forests)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Case", "H14")]
    public async Task A_wrong_password_is_tried_once_by_a_dozen_requests_and_again_when_its_file_has_changed()
    {
        var forest = await forests.StartedAsync();
        var account = ForestPopulation.User with { Given = "Wrong", Surname = "Bind" };
        forest.Admin.AddAccount(account);
        forest.Admin.SetPassword(account.Dn, "Another-Harbour-31");
        await using var agent = new AgentUnderTest(
            new AgentSetup("https://portal.test", forest) { BindName = account.Upn },
            new AgentPortal()
        );

        var rents = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => agent.Directory.RentAsync(null, Cancellation)));

        Assert.All(rents, rent => Assert.True(rent is Rent.None { Misconfigured: true }));
        Assert.Equal("1", forest.Admin.Read(account.Dn, "badPwdCount"));

        await File.WriteAllTextAsync(Path.Combine(agent.Folder, "bind.secret"), "Another-Harbour-31", Cancellation);
        using var channel = Assert.IsType<Rent.Lent>(await agent.Directory.RentAsync(null, Cancellation)).Channel;
    }
}
