using Agent.DirectorySync;
using Agent.DirectorySync.Groups;
using Microsoft.Extensions.Logging;
using Portal.DirectorySync;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.DirectorySync;

/// <summary>Groups in the agent's store: what it keeps of them, what it tells the portal, and what it waits for.</summary>
public sealed class AgentGroupTests
{
    private const string Listed = "CN=Staff,OU=Groups,DC=corp,DC=test";
    private static readonly Guid Id = new(7, 0, 0, new byte[8]);
    private readonly SyncDatabase database = SyncAccounts.NewDatabase();
    private readonly List<SyncBatch> sent = [];

    [Fact]
    public async Task A_group_is_told_after_its_people_and_again_only_when_something_of_it_changed()
    {
        await RunAsync(3, Staff(1, 2));
        await RunAsync(3, Staff(1, 2));
        await RunAsync(3, Staff(2, 3));
        await RunAsync(3, Staff(2, 3) with { Name = "Colleagues" });

        Assert.Equal(3, sent[0].Objects.Count);
        Assert.Equal(
            [("Staff", Anchors(1, 2)), ("Staff", Anchors(2, 3)), ("Colleagues", Anchors(2, 3))],
            sent.SelectMany(batch => batch.Groups ?? []).Select(group => (group.Name, string.Join(' ', group.Members)))
        );
    }

    [Fact]
    public async Task Whom_the_portal_refused_follows_when_it_has_taken_them()
    {
        await RunAsync(
            2,
            [new ForestReading.Group(Staff(1, 2))],
            batch => SyncAccounts.Answer(batch) with { Results = [Refused(1), Taken(2)], Groups = Taken(batch) }
        );
        await RunAsync(2, Staff(1, 2), ExportScope.ChangedAndRefused);

        Assert.Equal(
            [Anchors(2), Anchors(1, 2)],
            sent.SelectMany(batch => batch.Groups ?? []).Select(group => string.Join(' ', group.Members))
        );
    }

    [Fact]
    public void A_large_group_goes_in_parts_that_leave_no_gap()
    {
        var parts = new GroupChange("g", "Staff", [.. Enumerable.Range(0, 4_500).Select(i => SyncAccounts.New(i).SourceAnchor)])
            .Parts()
            .ToList();

        Assert.Equal([2_000, 2_000, 500], parts.Select(part => part.Members.Count));
        Assert.Equal([null, parts[0].Members[^1], parts[1].Members[^1]], parts.Select(part => part.After));
        Assert.Equal([parts[0].Members[^1], parts[1].Members[^1], null], parts.Select(part => part.Through));
    }

    [Theory]
    [InlineData(60, 10, true)]
    [InlineData(60, 12, true)]
    [InlineData(60, 13, false)]
    [InlineData(10, 10, true)]
    [InlineData(2600, 501, false)]
    public async Task A_group_that_loses_many_at_once_waits_for_the_administrators_word(int before, int missing, bool go)
    {
        await ImportAsync(before, new ForestReading.Group(Staff([.. Enumerable.Range(1, before)])));

        var counts = await ImportAsync(before, new ForestReading.Group(Staff([.. Enumerable.Range(missing + 1, before - missing)])));

        Assert.Equal(go, counts.OfGroups.Length == 0);
        Assert.Equal(go ? 0 : 1, Held().Count);
    }

    [Fact]
    public async Task At_the_word_as_many_leave_as_it_was_given_for()
    {
        await ImportAsync(60, new ForestReading.Group(Staff([.. Enumerable.Range(1, 60)])));
        await ImportAsync(60, new ForestReading.Group(Staff([.. Enumerable.Range(1, 40)])));
        Assert.Equal(("Staff", 20, 60), Assert.Single(Held()));
        using (var connection = database.Open())
        {
            GroupImport.LetGo(connection, SyncAccounts.Connector);
        }

        Assert.Contains(
            "21 of 60",
            (await ImportAsync(60, new ForestReading.Group(Staff([.. Enumerable.Range(1, 39)])))).OfGroups,
            StringComparison.Ordinal
        );
        using (var connection = database.Open())
        {
            GroupImport.LetGo(connection, SyncAccounts.Connector);
        }

        Assert.Empty((await ImportAsync(60, new ForestReading.Group(Staff([.. Enumerable.Range(1, 39)])))).OfGroups);
        Assert.Empty(Held());
    }

    [Fact]
    public async Task A_group_that_is_not_found_or_no_longer_listed_is_told_gone_once()
    {
        await RunAsync(3, Staff(1, 2));
        await RunAsync(3, [new ForestReading.GroupNotFound(Listed)], Answer);
        await RunAsync(3, Staff(1, 2));
        await RunAsync(3, [], Answer);
        await RunAsync(3, [], Answer);

        Assert.Equal([$"{Id}", $"{Id}"], sent.SelectMany(batch => batch.GoneGroups ?? []));
    }

    [Fact]
    public async Task A_group_that_cannot_be_read_stays_as_it_was_and_is_named()
    {
        await RunAsync(3, Staff(1, 2));

        var counts = await ImportAsync(3, new ForestReading.GroupUnread(Listed, "refused (50)"));

        Assert.Contains(
            $"directory.groups: \"{Listed}\" was not read and stays as it was: refused (50)",
            counts.OfGroups,
            StringComparison.Ordinal
        );
        Assert.Empty(new GroupStore(database).Gone(SyncAccounts.Connector));
    }

    [Fact]
    public async Task A_group_under_another_name_than_the_listed_one_is_told_with_the_name_to_write()
    {
        var moved = Staff(1) with { DistinguishedName = "CN=Colleagues,OU=Groups,DC=corp,DC=test" };

        Assert.Contains("is now CN=Colleagues", (await ImportAsync(1, new ForestReading.Group(moved))).OfGroups, StringComparison.Ordinal);
        Assert.Equal($"{Id}", new GroupStore(database).Find(SyncAccounts.Connector, Listed));
    }

    [Fact]
    public async Task One_that_was_deleted_and_made_again_under_its_name_is_another_group()
    {
        var other = Staff(3) with { ObjectGuid = new Guid(8, 0, 0, new byte[8]) };
        await RunAsync(3, Staff(1, 2));
        await RunAsync(3, other);

        Assert.Equal([$"{Id}"], sent.SelectMany(batch => batch.GoneGroups ?? []));
        Assert.Equal([$"{Id}", other.SourceAnchor], sent.SelectMany(batch => batch.Groups ?? []).Select(group => group.SourceAnchor));
    }

    [Fact]
    public async Task A_portal_that_is_older_than_groups_is_told_again_and_the_log_says_so()
    {
        using var log = new CapturedLog();
        await RunAsync(1, [new ForestReading.Group(Staff(1))], SyncAccounts.Answer, log: log);
        await RunAsync(1, Staff(1));

        Assert.Contains("older than groups", Assert.Single(log.Of(41109)), StringComparison.Ordinal);
        Assert.Equal(2, sent.Sum(batch => batch.Groups?.Count ?? 0));
    }

    private static ForestGroup Staff(params int[] members) =>
        new(Id, Listed, Listed, "Staff", [.. members.Select(i => SyncAccounts.New(i).SourceAnchor)]);

    private static string Anchors(params int[] members) => string.Join(' ', members.Select(i => SyncAccounts.New(i).SourceAnchor));

    private static SyncObjectResult Refused(int number) => new(SyncAccounts.New(number).SourceAnchor, null, "refused");

    private static SyncObjectResult Taken(int number) => new(SyncAccounts.New(number).SourceAnchor, SyncAccounts.AnchorOf(number), null);

    private static List<SyncGroupResult> Taken(SyncBatch batch) =>
        [.. (batch.Groups ?? []).Select(group => new SyncGroupResult(group.SourceAnchor, null))];

    private static SyncReport Answer(SyncBatch batch) => SyncAccounts.Answer(batch) with { Groups = Taken(batch) };

    private Task<ImportCounts> ImportAsync(int people, ForestReading group) =>
        database.Imports().ImportAsync(SyncAccounts.Connector, Forest(people, group), TestContext.Current.CancellationToken);

    private Task RunAsync(int people, ForestGroup group, ExportScope scope = ExportScope.Changed) =>
        RunAsync(people, [new ForestReading.Group(group)], Answer, scope);

    private async Task RunAsync(
        int people,
        ForestReading[] groups,
        Func<SyncBatch, SyncReport> portal,
        ExportScope scope = ExportScope.Changed,
        CapturedLog? log = null
    )
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log ?? new CapturedLog()));
        var run = new SyncRun(
            SyncAccounts.Connector,
            _ => Forest(people, groups),
            (batch, _) =>
            {
                sent.Add(batch);
                return Task.FromResult<SyncReport?>(portal(batch));
            },
            database.Imports(),
            new(database),
            new(database),
            loggers.CreateLogger<SyncRun>()
        );
        Assert.IsType<SyncOutcome.Completed>(await run.RunAsync(scope, TestContext.Current.CancellationToken));
    }

    private static IAsyncEnumerable<ForestReading> Forest(int people, params ForestReading[] groups) =>
        Enumerable
            .Range(1, people)
            .Select(ForestReading (i) => new ForestReading.Account(SyncAccounts.New(i)))
            .Concat(groups)
            .ToAsyncEnumerable();

    private IReadOnlyList<(string Name, int Missing, int Before)> Held()
    {
        using var connection = database.Open();
        return GroupImport.Held(connection, SyncAccounts.Connector);
    }
}
