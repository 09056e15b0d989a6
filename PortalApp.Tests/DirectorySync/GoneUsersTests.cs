using System.Net;
using Portal.Agents;
using Portal.Contacts;
using Portal.DirectorySync;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;

namespace PortalApp.Tests.DirectorySync;

/// <summary>What the portal does with accounts that a directory no longer has.</summary>
[Trait("Case", "H32")]
public sealed class GoneUsersTests
{
    private const string Connector = "corp.test";
    private static readonly SyncObject Anna = new(AnchorOf(1), "anna@corp.test", "Anna", "+31 612345678", null, "anna@mail.corp.test");

    [Fact]
    public async Task A_user_who_is_gone_leaves_a_tombstone_that_is_audited_by_name_once()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        await SendAsync(agent, [Anna]);

        await SendAsync(agent, [], AnchorOf(1));
        var user = Assert.Single(await portal.UsersAsync());
        await SendAsync(agent, [], AnchorOf(1), AnchorOf(7));

        Assert.NotNull(user.GoneAt);
        Assert.Empty(user.Contacts);
        Assert.Equal(user.Revision, Assert.Single(await portal.UsersAsync()).Revision);
        var audited = Assert.Single(await portal.AuditAsync(AuditEventId.UserChanged));
        Assert.Contains("anna@corp.test let go", audited.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_is_free_for_another_account_in_the_same_batch_which_inherits_nothing()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);
        var old = (await SendAsync(agent, [Anna]))[0];
        await portal.WithDbAsync(db =>
        {
            db.Set<User>().Single().Contacts.Add(Alternate(tenant, old.CloudAnchor!));
            return db.SaveChangesAsync();
        });

        var made = Assert.Single(await SendAsync(agent, [new(AnchorOf(2), Anna.UserPrincipalName, "Anna", null, null)], AnchorOf(1)));

        Assert.Null(made.Error);
        Assert.NotEqual(old.CloudAnchor, made.CloudAnchor);
        var users = (await portal.UsersAsync()).ToDictionary(u => u.Id);
        Assert.Equal((false, true), (users[old.CloudAnchor!].GoneAt is null, users[made.CloudAnchor!].GoneAt is null));
        Assert.All(users.Values, user => Assert.Empty(user.Contacts));
    }

    [Fact]
    public async Task One_who_gave_up_the_name_in_an_earlier_batch_is_let_go_all_the_same()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        await SendAsync(agent, [Anna]);
        await SendAsync(agent, [new(AnchorOf(2), Anna.UserPrincipalName, "Anna", null, null)]);

        await SendAsync(agent, [], AnchorOf(1));

        Assert.All(await portal.UsersAsync(), user => Assert.Empty(user.Contacts));
    }

    [Fact]
    public async Task One_who_comes_back_is_the_same_user_with_what_the_directory_has()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var before = Assert.Single(await SendAsync(agent, [Anna]));
        await SendAsync(agent, [], AnchorOf(1));

        Assert.Equal(before, Assert.Single(await SendAsync(agent, [Anna])));

        var user = Assert.Single(await portal.UsersAsync());
        Assert.Null(user.GoneAt);
        Assert.Equal([ContactField.MobilePhone, ContactField.DirectoryMail], user.Contacts.Select(c => c.Field).Order());
    }

    [Fact]
    [Trait("Case", "H29")]
    public async Task Neither_another_tenants_nor_another_connectors_user_of_that_anchor_is_touched()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        var stranger = await portal.EnrolAsync(await portal.AddTenantAsync("other.test"));
        await SendAsync(agent, [Anna]);

        await SendAsync(stranger, [], AnchorOf(1));
        await SendAsync(agent, "branch.test", [], AnchorOf(1));

        Assert.Null(Assert.Single(await portal.UsersAsync()).GoneAt);
        Assert.Empty(await portal.AuditAsync(AuditEventId.UserChanged));
    }

    [Fact]
    public async Task Those_who_are_there_and_those_who_are_gone_are_five_hundred_together()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));
        string[] gone = [.. Enumerable.Range(2, 500).Select(AnchorOf)];

        Assert.Equal(HttpStatusCode.BadRequest, (await CallAsync(agent, Connector, [Anna], gone)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await CallAsync(agent, Connector, [Anna], [null!])).Status);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(agent, Connector, [Anna], gone[1..])).Status);
    }

    private static string AnchorOf(int number) => new Guid(number, 0, 0, new byte[8]).ToString();

    private static ContactValue Alternate(Portal.Tenants.TenantId tenant, string id) =>
        new()
        {
            Tenant = tenant,
            UserId = id,
            Field = ContactField.AlternateEmailAddresses,
            Value = "anna@home.example",
            Source = ContactSource.Administrator,
        };

    private static Task<IReadOnlyList<SyncObjectResult>> SendAsync(TestAgent agent, SyncObject[] people, params string[] gone) =>
        SendAsync(agent, Connector, people, gone);

    private static async Task<IReadOnlyList<SyncObjectResult>> SendAsync(
        TestAgent agent,
        string connector,
        SyncObject[] people,
        params string[] gone
    ) => (await CallAsync(agent, connector, people, gone)).Answer!.Results;

    private static Task<(HttpStatusCode Status, SyncReport? Answer)> CallAsync(
        TestAgent agent,
        string connector,
        SyncObject[] people,
        string[] gone
    ) => agent.CallAsync<SyncReport>(AgentApi.Sync, new SyncBatch("run", 0, true, connector, people, gone));
}
