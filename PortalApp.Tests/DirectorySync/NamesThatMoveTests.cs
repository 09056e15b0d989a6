using Portal.Agents;
using Portal.Contacts;
using Portal.DirectorySync;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;

namespace PortalApp.Tests.DirectorySync;

/// <summary>A name leads to the account that has it in the directory today.</summary>
public class NamesThatMoveTests
{
    private const string Connector = "corp.test";

    /// <summary>Whose name each of five people has after the move.</summary>
    public static TheoryData<string> Moves => ["10234", "12340", "40123", "10342", "34102"];

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task Names_change_hands_within_a_batch_in_whatever_pattern(string move)
    {
        var moves = Read(move);
        await using var portal = await PortalHost.StartAsync();
        var agent = await StartAsync(portal);
        var before = await SyncAsync(agent, People(5));

        var after = await SyncAsync(agent, [.. moves.Select((of, person) => Person(person, of))]);

        Assert.Equal(before, after);
        await AssertNamesAsync(portal, after, moves);
    }

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task Names_change_hands_over_the_batches_of_one_run_and_nobody_loses_an_address(string move)
    {
        var moves = Read(move);
        await using var portal = await PortalHost.StartAsync();
        var agent = await StartAsync(portal);
        var before = await SyncAsync(agent, People(5));
        await AddAddressAsync(portal, before[0]!);

        foreach (var (person, of) in moves.Index().Reverse())
        {
            Assert.Equal(before[person], Assert.Single(await SyncAsync(agent, Person(person, of))));
        }

        await AssertNamesAsync(portal, before, moves);
        var first = (await portal.UsersAsync()).Single(u => u.Id == before[0]);
        Assert.Contains(first.Contacts, c => c.Field == ContactField.AlternateEmailAddresses);
    }

    [Fact]
    [Trait("Case", "H32")]
    public async Task An_account_made_again_under_the_same_name_gets_it_at_once_and_inherits_nothing()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await StartAsync(portal);
        var old = (await SyncAsync(agent, Person(0, 0)))[0]!;
        await AddAddressAsync(portal, old);

        var made = (await SyncAsync(agent, Person(9, 0)))[0];

        var users = await portal.UsersAsync();
        var now = Assert.Single(users, u => u.GoneAt is null);
        Assert.Equal((made, "person0@corp.test"), (now.Id, now.UserPrincipalName));
        Assert.NotEqual(old, made);
        Assert.DoesNotContain(now.Contacts, c => c.Field == ContactField.AlternateEmailAddresses);
        var audited = Assert.Single(await portal.AuditAsync(AuditEventId.UserChanged));
        Assert.Contains("gave up the name person0@corp.test", audited.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_accounts_that_one_batch_gives_the_same_name_the_second_reads_who_has_it()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await StartAsync(portal);

        var report = await CallAsync(agent, Person(0, 0), Person(1, 0));

        Assert.NotNull(report[0].CloudAnchor);
        Assert.Null(report[1].CloudAnchor);
        Assert.Contains(report[0].CloudAnchor!, report[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_of_another_directory_is_refused_with_its_holder_and_the_command_that_ends_it()
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await StartAsync(portal);
        var holder = (await SyncAsync(agent, Person(0, 0)))[0]!;

        var refused = Assert.Single(await CallAsync(agent, "other forest", Person(9, 0)));

        Assert.Null(refused.CloudAnchor);
        Assert.Contains(holder, refused.Error, StringComparison.Ordinal);
        Assert.Contains("of the directory corp.test", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith("PortalApp user remove person0@corp.test", refused.Error, StringComparison.Ordinal);
    }

    private static int[] Read(string move) => [.. move.Select(digit => digit - '0')];

    private static SyncObject[] People(int count) => [.. Enumerable.Range(0, count).Select(i => Person(i, i))];

    private static SyncObject Person(int number, int name) =>
        new(new Guid(number, 0, 0, new byte[8]).ToString(), $"person{name}@corp.test", null, null, null);

    private static async Task AssertNamesAsync(PortalHost portal, IReadOnlyList<string?> anchors, int[] names)
    {
        var users = (await portal.UsersAsync()).ToDictionary(u => u.Id);
        Assert.Equal(
            names.Select(name => ($"person{name}@corp.test", (DateTimeOffset?)null)),
            anchors.Select(id => (users[id!].UserPrincipalName, users[id!].GoneAt))
        );
    }

    private static async Task<TestAgent> StartAsync(PortalHost portal) => await portal.EnrolAsync(await portal.AddTenantAsync("corp.test"));

    private static async Task<IReadOnlyList<string?>> SyncAsync(TestAgent agent, params SyncObject[] people)
    {
        var results = await CallAsync(agent, people);
        Assert.All(results, result => Assert.Null(result.Error));
        return [.. results.Select(result => result.CloudAnchor)];
    }

    private static Task<IReadOnlyList<SyncObjectResult>> CallAsync(TestAgent agent, params SyncObject[] people) =>
        CallAsync(agent, Connector, people);

    private static async Task<IReadOnlyList<SyncObjectResult>> CallAsync(TestAgent agent, string connector, params SyncObject[] people) =>
        (await agent.CallAsync<SyncReport>(AgentApi.Sync, new SyncBatch("run", 0, true, connector, people))).Answer!.Results;

    private static Task<int> AddAddressAsync(PortalHost portal, string id) =>
        portal.WithDbAsync(db =>
        {
            var user = db.Set<User>().Single(u => u.Id == id);
            user.Contacts.Add(
                new ContactValue
                {
                    Tenant = user.Tenant,
                    UserId = id,
                    Field = ContactField.AlternateEmailAddresses,
                    Value = "anna@home.example",
                    Source = ContactSource.Administrator,
                }
            );
            return db.SaveChangesAsync();
        });
}
