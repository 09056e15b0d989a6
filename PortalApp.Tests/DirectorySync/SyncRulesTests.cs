using Agent.DirectorySync;
using Agent.DirectorySync.Links;

namespace PortalApp.Tests.DirectorySync;

public sealed class SyncRulesTests
{
    private const int Enabled = 0x200;
    private const int Disabled = 0x202;
    private static readonly PhoneFlow Phones = new("NL");

    [Theory]
    [InlineData("anna@corp.test", Enabled, true, true)]
    [InlineData("anna@corp.test", Enabled | 0x10000, true, true)]
    [InlineData("anna@corp.test", Disabled, true, false)]
    [InlineData("anna@corp.test", null, true, false)]
    [InlineData("甲斐@黒川.日本", Enabled, true, true)]
    [InlineData("o\u2019brien@corp.test", Enabled, true, true)]
    [InlineData(null, Enabled, false, false)]
    [InlineData("", Enabled, false, false)]
    [InlineData("anna", Enabled, false, false)]
    [InlineData("anna@corp.test", 0x820, false, false)]
    [InlineData("anna@corp.test", 0x1000, false, false)]
    [InlineData("anna@corp.test", 0x2000, false, false)]
    public void Each_rule_says_by_itself_whom_it_links(string? name, int? control, bool joined, bool enabled)
    {
        var account = SyncAccounts.New(1) with { UserPrincipalName = name, AccountControl = control };

        Assert.Equal(joined, SyncRules.JoinUser(account) is { Rule: "In from AD – User Join" });
        Assert.Equal(enabled, SyncRules.JoinEnabled(account) is { Rule: "In from AD – User AccountEnabled" });
    }

    [Fact]
    public void An_enabled_account_gets_all_three_links_to_one_person()
    {
        var joined = Apply(SyncAccounts.New(1))!;

        Assert.Equal(
            ["In from AD – User Join", "In from AD – User AccountEnabled", "Out to cloud – User Join"],
            joined.Links.Select(link => link.Rule)
        );
        Assert.All(joined.Links, link => Assert.Equal(joined.Person.Id, link.Person));
        Assert.Equal([ConnectorSpace.Forest, ConnectorSpace.Forest, ConnectorSpace.Cloud], joined.Links.Select(link => link.Space));
    }

    [Fact]
    public void A_disabled_account_is_joined_and_exported_without_the_link_that_writeback_goes_by() =>
        Assert.Equal(
            ["In from AD – User Join", "Out to cloud – User Join"],
            Apply(SyncAccounts.New(1) with { AccountControl = Disabled })!.Links.Select(link => link.Rule)
        );

    [Fact]
    public void A_person_carries_the_phones_in_their_one_form()
    {
        var person = Apply(SyncAccounts.New(1) with { Mobile = "+31 (0)6 12345678", TelephoneNumber = "4711" })!.Person;

        Assert.Equal(("+31 612345678", null), (person.MobilePhone, person.OfficePhone));
    }

    [Theory]
    [InlineData(" anna@mail.corp.test ", "anna@mail.corp.test")]
    [InlineData("Anna <anna@mail.corp.test>", null)]
    [InlineData("smtp:anna", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_mail_flows_where_it_is_an_address_and_is_named_where_it_is_not(string? held, string? flows)
    {
        var joined = Apply(SyncAccounts.New(1) with { Mail = held })!;

        Assert.Equal(flows, joined.Person.Mail);
        Assert.Equal(flows is null && !string.IsNullOrEmpty(held) ? ["mail"] : [], joined.Unusable);
    }

    [Fact]
    public void The_same_object_in_another_forest_is_another_person()
    {
        var account = SyncAccounts.New(1);

        Assert.NotEqual(Apply(account)!.Person.Id, Apply(account with { Connector = "other.test" })!.Person.Id);
    }

    [Fact]
    public void A_new_name_leaves_the_person_the_same() =>
        Assert.Equal(
            Apply(SyncAccounts.New(1))!.Person.Id,
            Apply(SyncAccounts.New(1) with { UserPrincipalName = "married@corp.test" })!.Person.Id
        );

    private static JoinedPerson? Apply(ForestObject account) => SyncRules.Apply(account, Phones);
}
