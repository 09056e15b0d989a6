using Agent.DirectorySync;
using Agent.DirectorySync.Links;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.DirectorySync;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.DirectorySync;

public sealed class ImportExportTests
{
    private readonly SyncDatabase database = SyncAccounts.NewDatabase();

    [Fact]
    public async Task An_import_counts_what_an_administrator_asks_for()
    {
        await database.ImportAsync(SyncAccounts.New(1), SyncAccounts.New(9));

        var counts = await database.ImportAsync(
            SyncAccounts.New(1) with
            {
                Mobile = "06 12345678",
            },
            SyncAccounts.New(1),
            SyncAccounts.New(2).Disabled(),
            SyncAccounts.New(3) with
            {
                UserPrincipalName = null,
            }
        );

        Assert.Equal(new ImportCounts(Accounts: 3, Joined: 2, Disabled: 1, Unusable: 1, Gone: 1), counts);
    }

    [Fact]
    public async Task Whose_number_does_not_flow_is_named_at_the_start_and_after_a_change_without_a_digit()
    {
        using var log = new CapturedLog();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        var (good, bad) = (SyncAccounts.New(1), SyncAccounts.New(2) with { Mobile = "06 12345678", TelephoneNumber = "4711" });
        var imports = database.Imports(loggers.CreateLogger<ImportStore>());
        async Task ImportAsync(params ForestObject[] accounts) =>
            await imports.ImportAsync(SyncAccounts.Connector, SyncAccounts.Forest(accounts), Cancelled);

        await ImportAsync(good, bad);
        var first = Assert.Single(log.Of(41106));
        Assert.Contains("from mobile, telephoneNumber of person2@corp.test", first, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", first, StringComparison.Ordinal);

        await ImportAsync(good, bad);
        Assert.Single(log.Of(41106));

        await ImportAsync(good with { Mobile = "12" }, bad);
        Assert.Contains("from mobile of person1@corp.test", log.Of(41106)[1], StringComparison.Ordinal);
        Assert.Equal(2, log.Of(41106).Count);
    }

    [Fact]
    public async Task An_import_that_breaks_off_changes_nothing()
    {
        await database.ImportAsync(SyncAccounts.New(1), SyncAccounts.New(2));
        var run = RunWith(Broken(), _ => null);

        Assert.IsType<SyncOutcome.NotImported>(await run.RunAsync(ExportScope.Changed, Cancelled));

        Assert.Equal(["person1@corp.test", "person2@corp.test"], Names(Assert.Single(database.Export())));
    }

    [Fact]
    public async Task An_import_that_finds_nobody_where_there_were_some_keeps_them()
    {
        await database.ImportAsync(SyncAccounts.New(1));
        var run = RunWith(AsyncEnumerable.Empty<ForestReading>(), _ => null);

        Assert.IsType<SyncOutcome.NotImported>(await run.RunAsync(ExportScope.Changed, Cancelled));

        Assert.Single(database.Export());
    }

    [Fact]
    public async Task A_batch_holds_at_most_200_and_the_last_one_says_so()
    {
        await database.ImportAsync(Enumerable.Range(1, 401).Select(SyncAccounts.New));

        var sent = database.Export();

        Assert.Equal(
            [(0, 200, false), (1, 200, false), (2, 1, true)],
            sent.Select(batch => (batch.Number, batch.Objects.Count, batch.Last))
        );
        Assert.Single(sent.Select(batch => batch.Run).Distinct());
        Assert.Equal(401, sent.SelectMany(batch => batch.Objects).Select(o => o.SourceAnchor).Distinct().Count());
    }

    [Fact]
    public async Task What_the_portal_has_is_not_sent_again_until_it_changes()
    {
        await database.ImportAsync(SyncAccounts.New(1), SyncAccounts.New(2));
        database.Export();
        Assert.Empty(database.Export());

        await database.ImportAsync(SyncAccounts.New(1), SyncAccounts.New(2) with { Mobile = "+31 687654321" });

        Assert.Equal("+31 687654321", Assert.Single(Assert.Single(database.Export()).Objects).MobilePhone);
    }

    [Fact]
    public async Task A_mail_that_changed_is_sent()
    {
        await database.ImportAsync(SyncAccounts.New(1));
        database.Export();

        await database.ImportAsync(SyncAccounts.New(1) with { Mail = "anna@new.corp.test" });

        Assert.Equal("anna@new.corp.test", Assert.Single(Assert.Single(database.Export()).Objects).Mail);
    }

    [Fact]
    public async Task A_store_of_an_older_agent_keeps_what_it_holds()
    {
        await database.ImportAsync(SyncAccounts.New(1));
        database.Export();
        using (var connection = database.Open())
        {
            connection.Run($"ALTER TABLE forest_object DROP COLUMN mail");
            connection.Run($"ALTER TABLE person DROP COLUMN mail");
            connection.Run($"ALTER TABLE person DROP COLUMN credential");
            connection.Run($"ALTER TABLE drop_held DROP COLUMN mark");
            connection.Run($"ALTER TABLE drop_held DROP COLUMN released");
            connection.Run($"DROP TABLE forest_group");
            connection.Run($"DROP TABLE group_member");
            connection.Run($"DROP TABLE cloud_group");
            connection.Run($"DROP TABLE group_held");
            connection.Run($"PRAGMA user_version = 0");
        }

        var opened = new SyncDatabase(database.Path);
        await opened.ImportAsync(SyncAccounts.New(1));

        Assert.IsType<LinkSearch.Found>(new LinkStore(opened).Find(new(SyncAccounts.AnchorOf(1))));
        Assert.Empty(opened.Export());
    }

    [Fact]
    public async Task A_whole_export_sends_everybody_and_changes_nothing()
    {
        await database.ImportAsync(SyncAccounts.New(1), SyncAccounts.New(2));
        database.Export();

        Assert.Equal(2, Assert.Single(database.Export(ExportScope.Whole)).Objects.Count);
        Assert.IsType<LinkSearch.Found>(new LinkStore(database).Find(new(SyncAccounts.AnchorOf(1))));
    }

    [Fact]
    public async Task An_export_that_was_cut_goes_on_with_the_same_batch_after_a_restart()
    {
        await database.ImportAsync(Enumerable.Range(1, 450).Select(SyncAccounts.New));
        var exports = new ExportStore(database);
        exports.Begin(SyncAccounts.Connector, ExportScope.Whole);
        var first = exports.Next(SyncAccounts.Connector)!;
        exports.Keep(first, SyncAccounts.Answer(first));
        var lost = exports.Next(SyncAccounts.Connector)!;

        var restarted = new ExportStore(new SyncDatabase(database.Path));
        restarted.Begin(SyncAccounts.Connector, ExportScope.Changed);
        var again = restarted.Next(SyncAccounts.Connector)!;

        Assert.Equal((first.Run, 1), (again.Run, again.Number));
        Assert.Equal(lost.Objects, again.Objects);
    }

    [Fact]
    public async Task A_portal_that_is_lost_on_the_way_ends_the_run_and_the_next_one_goes_on()
    {
        var people = Enumerable.Range(1, 250).Select(SyncAccounts.New).ToList();
        var sent = new List<int>();
        var lost = RunWith(SyncAccounts.Forest(people), batch => batch.Number == 0 ? SyncAccounts.Answer(batch) : null);
        var back = RunWith(
            SyncAccounts.Forest(people),
            batch =>
            {
                sent.Add(batch.Number);
                return SyncAccounts.Answer(batch);
            }
        );

        Assert.IsType<SyncOutcome.NotExported>(await lost.RunAsync(ExportScope.Whole, Cancelled));
        var completed = Assert.IsType<SyncOutcome.Completed>(await back.RunAsync(ExportScope.Whole, Cancelled));

        Assert.Equal([1], sent);
        Assert.Equal(new ExportCounts(50, 0), completed.Exported);
    }

    [Fact]
    public async Task A_connector_space_is_filled_by_its_first_whole_run_and_stays_so_over_a_restart()
    {
        var spaces = new ConnectorSpaces(database);
        SyncRun Run(IAsyncEnumerable<ForestReading> people, bool answers = true) =>
            RunWith(people, batch => answers ? SyncAccounts.Answer(batch) : null);

        Assert.False(spaces.IsFilled(SyncAccounts.Connector));
        await Run(Broken()).RunAsync(ExportScope.Whole, Cancelled);
        await Run(SyncAccounts.Forest(SyncAccounts.New(1)), answers: false).RunAsync(ExportScope.Whole, Cancelled);
        Assert.False(spaces.IsFilled(SyncAccounts.Connector));

        await Run(SyncAccounts.Forest(SyncAccounts.New(1))).RunAsync(ExportScope.Whole, Cancelled);
        Assert.True(new ConnectorSpaces(new(database.Path)).IsFilled(SyncAccounts.Connector));
        Assert.False(spaces.IsFilled("other.test"));

        await Run(Broken()).RunAsync(ExportScope.Whole, Cancelled);
        Assert.True(spaces.IsFilled(SyncAccounts.Connector));
    }

    [Fact]
    public async Task A_directory_in_which_nobody_is_found_fills_no_connector_space()
    {
        var run = RunWith(AsyncEnumerable.Empty<ForestReading>(), SyncAccounts.Answer);

        Assert.IsType<SyncOutcome.Completed>(await run.RunAsync(ExportScope.Whole, Cancelled));

        Assert.False(new ConnectorSpaces(database).IsFilled(SyncAccounts.Connector));
    }

    [Fact]
    public async Task An_object_that_the_portal_refuses_keeps_its_reason_and_is_asked_again_later()
    {
        await database.ImportAsync(SyncAccounts.New(1), SyncAccounts.New(2));
        var exports = new ExportStore(database);
        exports.Begin(SyncAccounts.Connector, ExportScope.Changed);
        var batch = exports.Next(SyncAccounts.Connector)!;
        var refused = batch.Objects[0].SourceAnchor;
        var counts = exports.Keep(
            batch,
            new([new(refused, null, "The name is another user's."), new(batch.Objects[1].SourceAnchor, SyncAccounts.AnchorOf(2), null)])
        );
        Assert.Null(exports.Next(SyncAccounts.Connector));

        Assert.Equal(new ExportCounts(1, 1), counts);
        Assert.Equal("The name is another user's.", new LinkExplanation(database).Explain("person1@corp.test")[^1].Detail);
        Assert.Empty(database.Export());
        Assert.Equal(["person1@corp.test"], Names(Assert.Single(database.Export(ExportScope.ChangedAndRefused))));
    }

    [Fact]
    public async Task A_portal_that_gives_one_anchor_to_two_objects_cannot_move_it()
    {
        await database.ImportAsync(SyncAccounts.New(1));
        database.Export();
        await database.ImportAsync(SyncAccounts.New(1), SyncAccounts.New(2));
        var exports = new ExportStore(database);
        exports.Begin(SyncAccounts.Connector, ExportScope.Changed);
        var batch = exports.Next(SyncAccounts.Connector)!;

        exports.Keep(batch, new([new(batch.Objects[0].SourceAnchor, SyncAccounts.AnchorOf(1), null)]));

        Assert.Equal(
            SyncAccounts.New(1).ObjectGuid,
            Assert.IsType<LinkSearch.Found>(new LinkStore(database).Find(new(SyncAccounts.AnchorOf(1)))).ObjectGuid
        );
    }

    [Fact]
    public void The_store_is_readable_by_its_owner_alone()
    {
        using var connection = database.Open();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(database.Path));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private SyncRun RunWith(IAsyncEnumerable<ForestReading> people, Func<SyncBatch, SyncReport?> portal) =>
        new(
            SyncAccounts.Connector,
            _ => people,
            (batch, _) => Task.FromResult(portal(batch)),
            database.Imports(),
            new(database),
            new(database),
            NullLogger<SyncRun>.Instance
        );

    private static async IAsyncEnumerable<ForestReading> Broken()
    {
        yield return new ForestReading.Account(SyncAccounts.New(3));
        await Task.Yield();
        throw new IOException("The connection was lost.");
    }

    private static IEnumerable<string> Names(SyncBatch batch) => batch.Objects.Select(o => o.UserPrincipalName);
}
