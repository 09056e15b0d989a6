using Agent.DirectorySync;
using Agent.DirectorySync.Links;
using Portal.DirectorySync;

namespace PortalApp.Tests.DirectorySync;

/// <summary>Accounts that the directory no longer has are told to the portal, once it is safe to let them go.</summary>
public sealed class GoneExportTests
{
    private readonly SyncDatabase database = SyncAccounts.NewDatabase();

    [Fact]
    public async Task An_account_that_is_gone_is_told_once_and_again_in_a_whole_export()
    {
        await ImportAsync(10);
        database.Export();

        await ImportAsync(9);

        Assert.Equal([AnchorOf(10)], Assert.Single(database.Export()).Gone!);
        Assert.Empty(database.Export());
        var whole = Assert.Single(database.Export(ExportScope.Whole));
        Assert.Equal([AnchorOf(10)], whole.Gone!);
        Assert.Equal(9, whole.Objects.Count);
    }

    [Fact]
    public async Task One_that_comes_back_is_sent_as_before_and_keeps_its_anchor()
    {
        await ImportAsync(10);
        database.Export();
        await ImportAsync(9);
        database.Export();

        await ImportAsync(10);

        var back = Assert.Single(database.Export());
        Assert.Null(back.Gone);
        Assert.Equal(AnchorOf(10), Assert.Single(back.Objects).SourceAnchor);
        Assert.IsType<LinkSearch.Found>(new LinkStore(database).Find(new(SyncAccounts.AnchorOf(10))));
    }

    [Fact]
    public async Task One_whose_answer_was_lost_is_told_too_as_the_portal_may_have_it()
    {
        await ImportAsync(10);
        var exports = new ExportStore(database);
        exports.Begin(SyncAccounts.Connector, ExportScope.Changed);
        Assert.Equal(10, exports.Next(SyncAccounts.Connector)!.Objects.Count);

        await ImportAsync(9);

        Assert.Equal([AnchorOf(10)], exports.Next(SyncAccounts.Connector)!.Gone!);
    }

    [Fact]
    public async Task A_drop_that_waits_for_a_word_is_not_told()
    {
        await ImportAsync(10);
        database.Export();

        await ImportAsync(5);
        Assert.Empty(database.Export());

        using (var connection = database.Open())
        {
            Leavers.LetGo(connection, SyncAccounts.Connector);
        }

        await ImportAsync(5);
        Assert.Equal(5, Assert.Single(database.Export()).Gone!.Count);
    }

    [Fact]
    public async Task An_account_that_no_rule_joins_any_more_is_not_called_gone()
    {
        await ImportAsync(10);
        database.Export();

        // As where the right to read the name was lost: the accounts themselves are there.
        await database.ImportAsync(Enumerable.Range(1, 10).Select(i => SyncAccounts.New(i) with { UserPrincipalName = null }));

        Assert.Empty(database.Export());
        Assert.Empty(database.Export(ExportScope.Whole));
    }

    [Fact]
    public async Task An_export_that_was_cut_between_batches_tells_the_rest_after_a_restart()
    {
        await ImportAsync(450);
        database.Export();
        await database.ImportAsync(SyncAccounts.New(451));
        using (var connection = database.Open())
        {
            Leavers.LetGo(connection, SyncAccounts.Connector);
        }

        await database.ImportAsync(SyncAccounts.New(451));
        var exports = new ExportStore(database);
        exports.Begin(SyncAccounts.Connector, ExportScope.Changed);
        var first = exports.Next(SyncAccounts.Connector)!;
        exports.Keep(first, SyncAccounts.Answer(first));
        var lost = exports.Next(SyncAccounts.Connector)!;

        IReadOnlyList<SyncBatch> rest = new SyncDatabase(database.Path).Export();

        Assert.Equal(lost.Gone!, rest[0].Gone!);
        Assert.Equal(
            Enumerable.Range(1, 450).Select(AnchorOf).Order(StringComparer.Ordinal),
            rest.Prepend(first).SelectMany(batch => batch.Gone ?? [])
        );
        Assert.Equal(AnchorOf(451), Assert.Single(rest[^1].Objects).SourceAnchor);
    }

    [Fact]
    [Trait("Case", "H32")]
    public async Task Of_an_account_made_again_the_one_that_is_there_is_explained()
    {
        var (old, made) = (SyncAccounts.New(2), SyncAccounts.New(5) with { UserPrincipalName = "person2@corp.test" });
        await database.ImportAsync(SyncAccounts.New(1), old);
        database.Export();
        await database.ImportAsync(SyncAccounts.New(1), made);

        var batch = Assert.Single(database.Export());

        Assert.Equal((old.SourceAnchor, made.SourceAnchor), (Assert.Single(batch.Gone!), Assert.Single(batch.Objects).SourceAnchor));
        var anchor = new LinkExplanation(database).Explain("person2@corp.test").Single(link => link.Name == "Cloud anchor");
        Assert.Equal(SyncAccounts.AnchorOf(5), anchor.Detail);
    }

    private static string AnchorOf(int number) => SyncAccounts.New(number).SourceAnchor;

    private Task<ImportCounts> ImportAsync(int count) => database.ImportAsync(Enumerable.Range(1, count).Select(SyncAccounts.New));
}
