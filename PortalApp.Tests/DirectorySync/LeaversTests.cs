using Agent.DirectorySync;

namespace PortalApp.Tests.DirectorySync;

/// <summary>Who is not found any more goes only when the directory was read whole, and many only at the administrator's word.</summary>
public sealed class LeaversTests
{
    private const string Staff = "OU=Staff,DC=corp,DC=test";
    private const string Away = "OU=Away,DC=corp,DC=test";
    private readonly SyncDatabase database = SyncAccounts.NewDatabase();

    [Theory]
    [InlineData(10, 2, true)]
    [InlineData(10, 3, false)]
    [InlineData(2, 1, true)]
    [InlineData(2501, 500, true)]
    [InlineData(2600, 501, false)]
    public async Task A_drop_of_more_than_a_fifth_or_five_hundred_waits(int before, int missing, bool go)
    {
        await database.ImportAsync(People(before));

        var counts = await database.ImportAsync(People(before).Skip(missing));

        Assert.Equal((go ? missing : 0, go), (counts.Gone, counts.Kept is null));
    }

    [Fact]
    public async Task At_the_administrators_word_as_many_go_as_it_was_given_for_and_no_more()
    {
        await database.ImportAsync(People(10));
        await database.ImportAsync(People(10).Skip(5));
        Assert.Equal((5, 10), LetGo());

        var more = await database.ImportAsync(People(10).Skip(6));
        Assert.Contains("6 of 10", more.Kept, StringComparison.Ordinal);
        Assert.Contains(Leavers.Command, more.Kept, StringComparison.Ordinal);

        Assert.Equal((6, 10), LetGo());
        Assert.Equal(6, (await database.ImportAsync(People(10).Skip(6))).Gone);
        Assert.Null(LetGo());
    }

    [Fact]
    public async Task A_word_from_the_portal_is_for_the_very_accounts_that_it_was_told_of()
    {
        await database.ImportAsync(People(10));
        await database.ImportAsync(People(10).Skip(5));
        var waiting = Waiting()!;
        Assert.Equal((5, 10), (waiting.Missing, waiting.Before));
        Assert.Equal([.. Enumerable.Range(1, 5).Select(number => $"person{number}@corp.test")], waiting.Who);

        await database.ImportAsync(People(10).Take(5));
        Assert.False(Release(waiting.Mark));
        Assert.NotNull((await database.ImportAsync(People(10).Take(5))).Kept);

        await database.ImportAsync(People(10).Skip(5));
        Assert.True(Release(waiting.Mark));
        Assert.False(Release(waiting.Mark));
        Assert.Equal(5, (await database.ImportAsync(People(10).Skip(5))).Gone);
        Assert.Null(Waiting());
    }

    [Fact]
    public async Task The_portal_is_told_by_name_whose_number_cannot_be_read_and_who_was_refused()
    {
        await database.ImportAsync([.. People(3), SyncAccounts.New(4) with { Mobile = "0612345678", Mail = "no address" }]);
        var exports = new ExportStore(database);
        exports.Begin(SyncAccounts.Connector, ExportScope.Changed);
        var batch = exports.Next(SyncAccounts.Connector)!;
        exports.Keep(
            batch,
            new([.. SyncAccounts.Answer(batch).Results.Skip(1), new(batch.Objects[0].SourceAnchor, null, "No such domain.")])
        );

        var told = new StandingReport(database, null!, null!, new(), TimeProvider.System).Read(SyncAccounts.Connector);

        Assert.Equal((4, 1), (told.Accounts, told.Unreadable.Count));
        Assert.Equal(new("person4@corp.test", "mobile, mail"), Assert.Single(told.Unreadable.First));
        Assert.Equal(new("person1@corp.test", "No such domain."), Assert.Single(told.Refused.First));
    }

    [Fact]
    public async Task A_scope_that_cannot_be_read_lets_nobody_go_and_the_others_are_imported()
    {
        await database.ImportAsync(People(20));

        var counts = await ImportAsync([.. People(20).Skip(1), SyncAccounts.New(99)], new ForestReading.ScopeUnread(Away, "refused (32)"));

        Assert.Equal((20, 0), (counts.Accounts, counts.Gone));
        Assert.Contains($"directory.scopes: \"{Away}\" was not read: refused (32)", counts.Kept, StringComparison.Ordinal);
        Assert.Equal(21, Assert.Single(database.Export()).Objects.Count);
    }

    [Fact]
    public async Task A_first_import_that_is_not_whole_is_none()
    {
        var counts = await ImportAsync(People(3), new ForestReading.ScopeUnread(Away, "refused (32)"));

        Assert.Contains("refused (32)", counts.Nothing, StringComparison.Ordinal);
        Assert.Empty(database.Export());
    }

    [Fact]
    public async Task A_scope_in_which_nobody_is_found_where_there_was_somebody_waits_however_small()
    {
        var last = SyncAccounts.New(99) with { DistinguishedName = $"CN=Last, ou=away,DC=corp,DC=test" };
        await database.ImportAsync(People(50).Append(last));

        var counts = await ImportAsync(People(50), new ForestReading.ScopeEmpty(Away));
        Assert.Contains(Away, counts.Kept, StringComparison.Ordinal);

        Assert.Equal((1, 51), LetGo());
        Assert.Equal(1, (await ImportAsync(People(50), new ForestReading.ScopeEmpty(Away))).Gone);
        Assert.Null((await ImportAsync(People(50), new ForestReading.ScopeEmpty(Away))).Kept);
    }

    [Fact]
    public async Task Who_moved_from_a_scope_that_is_empty_now_into_another_is_not_missing()
    {
        var moved = SyncAccounts.New(99) with { DistinguishedName = $"CN=Mover,{Away}" };
        await database.ImportAsync(People(3).Append(moved));

        var counts = await ImportAsync(
            [.. People(3), moved with { DistinguishedName = $"CN=Mover,{Staff}" }],
            new ForestReading.ScopeEmpty(Away)
        );

        Assert.Equal((4, null), (counts.Accounts, counts.Kept));
    }

    private static IEnumerable<ForestObject> People(int count) => Enumerable.Range(1, count).Select(SyncAccounts.New);

    private Task<ImportCounts> ImportAsync(IEnumerable<ForestObject> accounts, ForestReading last) =>
        database
            .Imports()
            .ImportAsync(SyncAccounts.Connector, SyncAccounts.Forest(accounts).Append(last), TestContext.Current.CancellationToken);

    private Portal.DirectorySync.HeldDrop? Waiting()
    {
        using var connection = database.Open();
        return Leavers.Waiting(connection, SyncAccounts.Connector);
    }

    private bool Release(string mark)
    {
        using var connection = database.Open();
        return Leavers.Release(connection, SyncAccounts.Connector, mark);
    }

    private (int Missing, int Before)? LetGo()
    {
        using var connection = database.Open();
        return Leavers.LetGo(connection, SyncAccounts.Connector);
    }
}
