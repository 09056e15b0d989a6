using Portal.Agents;
using Portal.Contacts;
using Portal.DirectorySync;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.DirectorySync;

public sealed class SyncedMailTests
{
    [Fact]
    public async Task The_directorys_mail_is_kept_apart_and_one_that_is_no_address_counts_as_none_and_is_told()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));

        Assert.Null((await SyncAsync(agent, "anna@mail.corp.test")).Error);
        var held = Assert.Single(Assert.Single(await portal.UsersAsync()).Contacts);
        Assert.Equal((ContactField.DirectoryMail, ContactSource.Sync, "anna@mail.corp.test"), (held.Field, held.Source, held.Value));

        Assert.Contains("The mail is not", (await SyncAsync(agent, "anna")).Error, StringComparison.Ordinal);
        Assert.Empty(Assert.Single(await portal.UsersAsync()).Contacts);
    }

    private static async Task<SyncObjectResult> SyncAsync(TestAgent agent, string mail)
    {
        var anna = new SyncObject("4f6c0e6b-0000-4000-8000-000000000001", "anna@corp.test", "Anna", null, null, mail);
        var (_, report) = await agent.CallAsync<SyncReport>(AgentApi.Sync, new SyncBatch("run", 0, true, "corp.test", [anna]));
        return Assert.Single(report!.Results);
    }
}
