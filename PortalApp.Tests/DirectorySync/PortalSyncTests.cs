using System.Net;
using System.Text;
using Portal.Agents;
using Portal.Contacts;
using Portal.DirectorySync;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;

namespace PortalApp.Tests.DirectorySync;

public class PortalSyncTests
{
    private const string Connector = "corp.test";

    [Fact]
    public async Task A_new_user_gets_an_anchor_that_never_changes_whatever_changes_in_the_directory()
    {
        await using var portal = await PortalHost.StartAsync();
        var (_, agent) = await StartAsync(portal);
        var anna = Anna();

        var first = await OneAsync(agent, anna);
        var second = await OneAsync(agent, anna with { UserPrincipalName = "Anna.Married@CORP.test", DisplayName = "Anna M." });

        Assert.NotNull(first.CloudAnchor);
        Assert.Equal(first, second);
        var user = Assert.Single(await portal.UsersAsync());
        Assert.Equal(("anna.married@corp.test", "Anna M."), (user.UserPrincipalName, user.DisplayName));
        Assert.Equal(
            [(ContactField.PhoneNumber, "+31 201234567x89"), (ContactField.MobilePhone, "+31 612345678")],
            user.Contacts.OrderBy(c => c.Field).Select(c => (c.Field, c.Value))
        );
        Assert.All(user.Contacts, c => Assert.Equal(ContactSource.Sync, c.Source));
    }

    [Fact]
    public async Task The_same_batch_again_changes_nothing()
    {
        await using var portal = await PortalHost.StartAsync();
        var (_, agent) = await StartAsync(portal);
        await OneAsync(agent, Anna());
        var before = Assert.Single(await portal.UsersAsync());

        portal.Clock.Skip(TimeSpan.FromHours(1));
        await OneAsync(agent, Anna());

        var after = Assert.Single(await portal.UsersAsync());
        Assert.Equal(before.ChangedAt, after.ChangedAt);
        Assert.Equal(before.Contacts.Select(c => (c.Id, c.ChangedAt)), after.Contacts.Select(c => (c.Id, c.ChangedAt)));
    }

    [Theory]
    [InlineData("anna@elsewhere.test")]
    [InlineData("anna@other.test")]
    [InlineData("admin@cloud.test")]
    [InlineData("anna@corp.test.evil.example")]
    [InlineData("anna")]
    [InlineData("anna@cοrp.test")]
    public async Task A_name_outside_the_tenants_own_directory_domains_is_refused_and_changes_nothing(string upn)
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent) = await StartAsync(portal);
        await portal.AddCloudDomainAsync(tenant, "cloud.test");
        await portal.AddTenantAsync("other.test");

        var refused = await OneAsync(agent, Anna() with { UserPrincipalName = upn });

        Assert.Null(refused.CloudAnchor);
        Assert.NotNull(refused.Error);
        Assert.Empty(await portal.UsersAsync());
        Assert.Single(await portal.AuditAsync(AuditEventId.SyncObjectRefused));
    }

    [Fact]
    public async Task An_administrators_name_is_not_taken_over()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent) = await StartAsync(portal);
        await AddAdministratorAsync(portal, tenant, "admin@corp.test");

        var refused = await OneAsync(agent, Anna() with { UserPrincipalName = "Admin@corp.test", MobilePhone = "+31 699999999" });

        Assert.Null(refused.CloudAnchor);
        var user = Assert.Single(await portal.UsersAsync());
        Assert.Equal(("administrator", null), (user.Id, user.SourceAnchor));
        Assert.Empty(user.Contacts);
    }

    [Fact]
    public async Task A_synced_user_cannot_be_renamed_to_an_administrators_name()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent) = await StartAsync(portal);
        await AddAdministratorAsync(portal, tenant, "admin@corp.test");
        await OneAsync(agent, Anna());

        var refused = await OneAsync(agent, Anna() with { UserPrincipalName = "admin@corp.test", MobilePhone = "+31 699999999" });

        Assert.Null(refused.CloudAnchor);
        var anna = (await portal.UsersAsync()).Single(u => u.UserPrincipalName == "anna@corp.test");
        Assert.Equal("+31 612345678", anna.Contacts.Single(c => c.Field == ContactField.MobilePhone).Value);
    }

    [Fact]
    public async Task Names_may_move_along_a_chain_within_one_batch()
    {
        await using var portal = await PortalHost.StartAsync();
        var (_, agent) = await StartAsync(portal);
        var (anna, bert) = (Anna(), Anna() with { SourceAnchor = Guid.CreateVersion7().ToString(), UserPrincipalName = "bert@corp.test" });
        await SyncAsync(agent, anna, bert);

        var results = await SyncAsync(
            agent,
            anna with
            {
                UserPrincipalName = "bert@corp.test",
            },
            bert with
            {
                UserPrincipalName = "carl@corp.test",
            }
        );

        Assert.All(results, r => Assert.Null(r.Error));
        Assert.Equal(["bert@corp.test", "carl@corp.test"], (await portal.UsersAsync()).Select(u => u.UserPrincipalName));
    }

    [Fact]
    public async Task What_sync_does_not_own_stays_as_it_is()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, agent) = await StartAsync(portal);
        var id = (await OneAsync(agent, Anna() with { PhoneNumber = null })).CloudAnchor!;
        await portal.WithDbAsync(async db =>
        {
            var user = db.Set<User>().Single(u => u.Id == id);
            (user.Licensed, user.ResetEnabled) = (false, false);
            foreach (var field in Enum.GetValues<ContactField>().Where(f => f != ContactField.MobilePhone))
            {
                user.Contacts.Add(
                    new ContactValue
                    {
                        Tenant = tenant,
                        UserId = id,
                        Field = field,
                        Value = $"set by hand: {field}",
                        Source = ContactSource.Administrator,
                    }
                );
            }

            return await db.SaveChangesAsync();
        });

        await OneAsync(agent, Anna() with { MobilePhone = null, PhoneNumber = null });

        var after = Assert.Single(await portal.UsersAsync());
        Assert.False(after.Licensed);
        Assert.False(after.ResetEnabled);
        Assert.All(after.Contacts, c => Assert.StartsWith("set by hand", c.Value, StringComparison.Ordinal));
        Assert.Equal(5, after.Contacts.Count);
    }

    [Fact]
    public async Task A_phone_of_the_wrong_form_counts_as_none_and_is_told()
    {
        await using var portal = await PortalHost.StartAsync();
        var (_, agent) = await StartAsync(portal);
        await OneAsync(agent, Anna());

        var result = await OneAsync(agent, Anna() with { MobilePhone = "06-12345678" });

        Assert.NotNull(result.CloudAnchor);
        Assert.Contains("mobile", result.Error, StringComparison.Ordinal);
        var user = Assert.Single(await portal.UsersAsync());
        Assert.Equal([ContactField.PhoneNumber], user.Contacts.Select(c => c.Field));
    }

    [Theory]
    [InlineData("4F6C0E6B-0000-4000-8000-000000000001")]
    [InlineData("{4f6c0e6b-0000-4000-8000-000000000001}")]
    [InlineData(" 4f6c0e6b-0000-4000-8000-000000000001")]
    [InlineData("anna")]
    [InlineData("")]
    public async Task Only_an_object_guid_in_its_one_form_is_a_source_anchor(string anchor)
    {
        await using var portal = await PortalHost.StartAsync();
        var (_, agent) = await StartAsync(portal);

        Assert.Null((await OneAsync(agent, Anna() with { SourceAnchor = anchor })).CloudAnchor);
        Assert.Empty(await portal.UsersAsync());
    }

    [Fact]
    [Trait("Case", "H29")]
    public async Task One_tenants_agent_does_not_reach_another_tenants_user_by_its_source_anchor()
    {
        await using var portal = await PortalHost.StartAsync();
        var (_, agent) = await StartAsync(portal);
        var stranger = await portal.EnrolAsync(await portal.AddTenantAsync("other.test"));
        var mine = await OneAsync(agent, Anna());

        var theirs = await OneAsync(stranger, Anna() with { UserPrincipalName = "anna@other.test" });

        Assert.NotEqual(mine.CloudAnchor, theirs.CloudAnchor);
        Assert.Equal(["anna@corp.test", "anna@other.test"], (await portal.UsersAsync()).Select(u => u.UserPrincipalName));
    }

    [Fact]
    public async Task Five_hundred_objects_are_taken_and_one_more_is_too_many()
    {
        await using var portal = await PortalHost.StartAsync();
        var (_, agent) = await StartAsync(portal);
        var many = Enumerable
            .Range(0, 501)
            .Select(i => Anna() with { SourceAnchor = Guid.CreateVersion7().ToString(), UserPrincipalName = $"user{i}@corp.test" })
            .ToArray();

        Assert.Equal(HttpStatusCode.BadRequest, (await CallAsync(agent, many)).Status);
        Assert.Empty(await portal.UsersAsync());
        Assert.Equal(500, (await SyncAsync(agent, many[..500])).Count(r => r.CloudAnchor is not null));
    }

    [Fact]
    public async Task Refused_objects_do_not_flood_the_audit()
    {
        await using var portal = await PortalHost.StartAsync();
        var (_, agent) = await StartAsync(portal);
        var many = Enumerable
            .Range(0, 40)
            .Select(_ => Anna() with { SourceAnchor = Guid.CreateVersion7().ToString(), UserPrincipalName = "x@elsewhere.test" })
            .ToArray();

        await SyncAsync(agent, many);
        await SyncAsync(agent, many);

        Assert.Equal(50, (await portal.AuditAsync(AuditEventId.SyncObjectRefused)).Count);
    }

    [Theory]
    [InlineData("""{"run":"1","number":0,"last":true,"connector":"c","objects":[null]}""")]
    [InlineData("""{"run":"1","number":0,"last":true,"connector":"","objects":[]}""")]
    [InlineData("""{"run":"1","number":0,"last":true,"connector":"c","objects":null}""")]
    [InlineData("""{"run":"1","number":0,"last":true,"connector":"c","objects":[{"sourceAnchor":"x","roles":["admin"]}]}""")]
    [Trait("Case", "H102")]
    public async Task A_batch_of_another_form_is_refused(string json)
    {
        await using var portal = await PortalHost.StartAsync();
        var (_, agent) = await StartAsync(portal);
        var body = Encoding.UTF8.GetBytes(json);

        using var answer = await agent.SendAsync(AgentApi.Sync, body, agent.TokenFor(AgentApi.Sync, body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static SyncObject Anna() =>
        new("4f6c0e6b-0000-4000-8000-000000000001", "anna@corp.test", "Anna", "+31 612345678", "+31 201234567x89");

    private static async Task<(TenantId Tenant, TestAgent Agent)> StartAsync(PortalHost portal)
    {
        var tenant = await portal.AddTenantAsync("corp.test", "sub.corp.test");
        return (tenant, await portal.EnrolAsync(tenant));
    }

    private static async Task<SyncObjectResult> OneAsync(TestAgent agent, SyncObject entry) => Assert.Single(await SyncAsync(agent, entry));

    private static async Task<IReadOnlyList<SyncObjectResult>> SyncAsync(TestAgent agent, params SyncObject[] entries) =>
        (await CallAsync(agent, entries)).Answer!.Results;

    private static Task<(HttpStatusCode Status, SyncReport? Answer)> CallAsync(TestAgent agent, SyncObject[] entries) =>
        agent.CallAsync<SyncReport>(AgentApi.Sync, new SyncBatch("run", 0, true, Connector, entries));

    private static Task<int> AddAdministratorAsync(PortalHost portal, TenantId tenant, string upn) =>
        portal.WithDbAsync(db =>
        {
            db.Add(
                new User
                {
                    Id = "administrator",
                    Tenant = tenant,
                    UserPrincipalName = upn,
                }
            );
            return db.SaveChangesAsync();
        });
}
