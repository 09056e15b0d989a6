using Agent.DirectorySync;
using Agent.DirectorySync.Links;
using Portal.Writeback;

namespace PortalApp.Tests.DirectorySync;

/// <summary>Each link on the way from the cloud to the forest, there and missing (M13).</summary>
public sealed class LinkStoreTests
{
    private readonly SyncDatabase database = SyncAccounts.NewDatabase();

    [Fact]
    public async Task With_every_link_there_the_account_is_found()
    {
        await database.ImportAsync(SyncAccounts.New(1), SyncAccounts.New(2));
        database.Export();

        var found = Assert.IsType<LinkSearch.Found>(Find(2));

        Assert.Equal((SyncAccounts.Connector, SyncAccounts.New(2).ObjectGuid), (found.Connector, found.ObjectGuid));
    }

    [Fact]
    public async Task Without_an_object_in_the_cloud_it_is_missing()
    {
        await database.ImportAsync(SyncAccounts.New(1));

        AssertMissing(LinkStore.NoCloudObject);
    }

    [Fact]
    public async Task Without_the_link_from_the_cloud_to_the_metaverse_it_is_missing() =>
        await AssertMissingAfterAsync(LinkStore.NoPerson, $"DELETE FROM link WHERE space = {(int)ConnectorSpace.Cloud}");

    [Fact]
    public async Task Without_the_person_it_is_missing() => await AssertMissingAfterAsync(LinkStore.NoPerson, $"DELETE FROM person");

    [Fact]
    public async Task Without_the_link_from_the_metaverse_to_the_forest_it_is_missing() =>
        await AssertMissingAfterAsync(LinkStore.NoAccount, $"DELETE FROM link WHERE space = {(int)ConnectorSpace.Forest}");

    [Fact]
    public async Task Without_the_object_in_the_forest_it_is_missing() =>
        await AssertMissingAfterAsync(LinkStore.NoForestObject, $"DELETE FROM forest_object");

    [Fact]
    public async Task A_link_by_the_join_alone_finds_only_a_disabled_account()
    {
        await database.ImportAsync(SyncAccounts.New(1).Disabled());
        database.Export();

        Assert.Equal(SyncAccounts.New(1).ObjectGuid, Assert.IsType<LinkSearch.DisabledOnly>(Find(1)).ObjectGuid);
    }

    [Fact]
    public async Task The_link_by_account_enabled_alone_is_not_enough() =>
        await AssertMissingAfterAsync(LinkStore.NoAccount, $"DELETE FROM link WHERE rule = {SyncRules.UserJoin}");

    [Fact]
    [Trait("Case", "H60")]
    public async Task Two_enabled_accounts_behind_one_person_are_refused()
    {
        await database.ImportAsync(SyncAccounts.New(1), SyncAccounts.New(2));
        database.Export();
        var (one, two) = (SyncRules.JoinEnabled(SyncAccounts.New(1))!.Person, SyncRules.JoinEnabled(SyncAccounts.New(2))!.Person);
        Change($"UPDATE link SET person = {one} WHERE person = {two} AND rule = {SyncRules.UserAccountEnabled}");

        Assert.IsType<LinkSearch.Several>(Find(1));
    }

    [Fact]
    public async Task An_account_that_is_enabled_again_is_found_after_the_next_run()
    {
        await database.ImportAsync(SyncAccounts.New(1).Disabled());
        database.Export();
        await database.ImportAsync(SyncAccounts.New(1));

        Assert.IsType<LinkSearch.Found>(Find(1));
    }

    [Fact]
    public async Task An_account_that_left_the_scope_is_missing_and_found_again_under_the_same_anchor_when_it_is_back()
    {
        await database.ImportAsync(SyncAccounts.New(1), SyncAccounts.New(2));
        database.Export();
        await database.ImportAsync(SyncAccounts.New(2));
        AssertMissing(LinkStore.NoPerson);
        await database.ImportAsync(SyncAccounts.New(1), SyncAccounts.New(2));

        Assert.IsType<LinkSearch.Found>(Find(1));
    }

    [Fact]
    [Trait("Case", "H32")]
    public async Task An_account_made_anew_under_the_old_name_is_not_behind_the_old_anchor()
    {
        await database.ImportAsync(SyncAccounts.New(1), SyncAccounts.New(3));
        database.Export();
        await database.ImportAsync(SyncAccounts.New(2) with { UserPrincipalName = "person1@corp.test" }, SyncAccounts.New(3));

        AssertMissing(LinkStore.NoPerson);
    }

    [Fact]
    public async Task Explain_shows_the_links_in_order_and_why_one_is_missing()
    {
        await database.ImportAsync(SyncAccounts.New(1).Disabled());

        var links = new LinkExplanation(database).Explain(" Person1@CORP.test ");

        Assert.Equal([true, true, false, true, false], links.Select(link => link.IsThere));
        Assert.Equal("not exported yet", links[^1].Detail);
    }

    [Fact]
    public async Task Explain_names_a_number_that_does_not_flow()
    {
        await database.ImportAsync(SyncAccounts.New(1) with { TelephoneNumber = "4711" });

        var phone = Assert.Single(new LinkExplanation(database).Explain("person1@corp.test"), link => link.Name == "telephoneNumber");

        Assert.Equal((false, LinkExplanation.NoCertainPhone), (phone.IsThere, phone.Detail));
    }

    [Fact]
    public async Task Explain_tells_a_disabled_account_from_one_whose_rights_hide_it()
    {
        await database.ImportAsync(SyncAccounts.New(1) with { AccountControl = null });

        var links = new LinkExplanation(database).Explain("person1@corp.test");

        Assert.Contains(links, link => link is { IsThere: false, Detail: LinkExplanation.ControlHidden });
    }

    [Fact]
    public async Task Explain_says_that_the_portal_refused_what_it_had_taken_before()
    {
        await database.ImportAsync(SyncAccounts.New(1));
        database.Export();
        var exports = new ExportStore(database);
        exports.Begin(SyncAccounts.Connector, ExportScope.Whole);
        var batch = exports.Next(SyncAccounts.Connector)!;

        exports.Keep(batch, new([new(batch.Objects[0].SourceAnchor, null, "The name is another user's.")]));

        var last = new LinkExplanation(database).Explain("person1@corp.test")[^1];
        Assert.Equal((false, "The name is another user's."), (last.IsThere, last.Detail));
    }

    private LinkSearch Find(int number) => new LinkStore(database).Find(new CloudAnchor(SyncAccounts.AnchorOf(number)));

    private void AssertMissing(string link) => Assert.Equal(link, Assert.IsType<LinkSearch.Missing>(Find(1)).Link);

    private async Task AssertMissingAfterAsync(string link, FormattableString damage)
    {
        await database.ImportAsync(SyncAccounts.New(1));
        database.Export();
        Change(damage);
        AssertMissing(link);
    }

    private void Change(FormattableString sql)
    {
        using var connection = database.Open();
        Assert.NotEqual(0, connection.Run(sql));
    }
}
