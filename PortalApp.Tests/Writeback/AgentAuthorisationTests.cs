using Agent.Directory;
using Agent.Directory.Accounts;
using Agent.Writeback.Protection;
using Portal.Writeback;

namespace PortalApp.Tests.Writeback;

/// <summary>The rule alone, on what was read: every number of M8, and the kinds of account that a test forest has none of.</summary>
public sealed class AgentAuthorisationTests
{
    private const string Domain = "S-1-5-21-1-2-3";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AccountState Person = new(
        Guid.Empty,
        "CN=Anna,OU=Staff,DC=corp,DC=test",
        Sid.TryParse($"{Domain}-1105")!.Value,
        new HashSet<string> { "top", "person", "user" },
        0x200,
        513,
        new HashSet<Sid> { Sid.TryParse($"{Domain}-513")!.Value, Sid.TryParse("S-1-5-32-545")!.Value },
        AdminCount: false,
        Locked: false,
        null,
        null,
        "anna",
        "Anna"
    );

    [Fact]
    public void A_person_in_scope_may_be_set() => Assert.Null(Refuse(Person));

    [Theory]
    [Trait("Case", "H103")]
    [InlineData($"{Domain}-512")]
    [InlineData($"{Domain}-516")]
    [InlineData($"{Domain}-517")]
    [InlineData("S-1-5-21-9-9-9-518")]
    [InlineData("S-1-5-21-9-9-9-519")]
    [InlineData($"{Domain}-520")]
    [InlineData($"{Domain}-521")]
    [InlineData($"{Domain}-526")]
    [InlineData($"{Domain}-527")]
    [InlineData("S-1-5-32-544")]
    [InlineData("S-1-5-32-548")]
    [InlineData("S-1-5-32-549")]
    [InlineData("S-1-5-32-550")]
    [InlineData("S-1-5-32-551")]
    [InlineData("S-1-5-32-552")]
    public void A_member_of_any_protected_group_is_refused(string group)
    {
        var groups = new HashSet<Sid>(Person.Groups) { Sid.TryParse(group)!.Value };

        Assert.Equal(WritebackReason.Protected, Refuse(Person with { Groups = groups })?.Reason);
    }

    [Theory]
    [Trait("Case", "H103")]
    [InlineData(512)]
    [InlineData(516)]
    [InlineData(519)]
    [InlineData(521)]
    public void A_protected_primary_group_is_refused(int group) =>
        Assert.Equal(WritebackReason.Protected, Refuse(Person with { PrimaryGroupId = group })?.Reason);

    [Theory]
    [Trait("Case", "H66")]
    [InlineData(500)]
    [InlineData(502)]
    public void A_built_in_account_is_refused(int rid) =>
        Assert.Equal(WritebackReason.Protected, Refuse(Person with { Sid = Sid.TryParse($"{Domain}-{rid}")!.Value })?.Reason);

    [Theory]
    [Trait("Case", "H66")]
    [InlineData("computer")]
    [InlineData("msds-groupmanagedserviceaccount")]
    [InlineData("msds-managedserviceaccount")]
    [InlineData("msds-delegatedmanagedserviceaccount")]
    public void A_machines_account_is_refused_by_its_class(string name)
    {
        var classes = new HashSet<string>(Person.ObjectClasses) { name };

        Assert.Equal(WritebackReason.Protected, Refuse(Person with { ObjectClasses = classes })?.Reason);
    }

    [Theory]
    [Trait("Case", "H66")]
    [InlineData(0x200 | 0x800)]
    [InlineData(0x1000)]
    [InlineData(0x2000)]
    [InlineData(0x0)]
    public void A_trusts_or_machines_account_is_refused_by_its_flags(int flags) =>
        Assert.Equal(WritebackReason.Protected, Refuse(Person with { UserAccountControl = flags })?.Reason);

    [Fact]
    public void A_contact_is_refused() =>
        Assert.Equal(
            WritebackReason.Protected,
            Refuse(
                Person with
                {
                    ObjectClasses = new HashSet<string> { "top", "person", "contact" },
                }
            )?.Reason
        );

    [Fact]
    public void A_disabled_account_is_said_to_be_disabled() =>
        Assert.Equal(WritebackReason.Disabled, Refuse(Person with { UserAccountControl = 0x202 })?.Reason);

    [Theory]
    [InlineData(-1, WritebackReason.AccountExpired)]
    [InlineData(0, WritebackReason.AccountExpired)]
    [InlineData(1, null)]
    public void An_account_past_its_end_is_said_to_be_so(int minutes, WritebackReason? reason) =>
        Assert.Equal(reason, Refuse(Person with { ExpiresAt = Now.AddMinutes(minutes) })?.Reason);

    [Fact]
    public void An_account_that_signs_in_with_a_card_alone_is_said_to_be_so() =>
        Assert.Equal(WritebackReason.SmartCardRequired, Refuse(Person with { UserAccountControl = 0x40200 })?.Reason);

    [Fact]
    [Trait("Case", "H103")]
    public void A_left_over_mark_of_an_administrator_is_refused_as_what_it_is_with_the_remedy()
    {
        var leftOver = Refuse(Person with { AdminCount = true });
        var administrator = Person with
        {
            AdminCount = true,
            Groups = new HashSet<Sid> { Sid.TryParse($"{Domain}-512")!.Value },
        };

        Assert.Equal(WritebackReason.ProtectedOnce, leftOver?.Reason);
        Assert.Contains("clear adminCount", leftOver?.Detail, StringComparison.Ordinal);
        Assert.Equal(WritebackReason.Protected, Refuse(administrator)?.Reason);
    }

    [Theory]
    [Trait("Case", "H59")]
    [InlineData("CN=Anna,OU=Staff2,DC=corp,DC=test")]
    [InlineData("CN=Anna\\,OU=Staff,DC=corp,DC=test")]
    [InlineData("CN=Anna,OU=XOU=Staff,DC=corp,DC=test")]
    [InlineData("OU=Staff")]
    [InlineData("no name")]
    public void A_name_that_only_looks_as_if_it_lay_in_scope_is_out_of_it(string dn) =>
        Assert.Equal(WritebackReason.OutOfScope, Refuse(Person with { Dn = dn })?.Reason);

    [Theory]
    [Trait("Case", "H59")]
    [InlineData("cn=Anna , ou=STAFF,dc=Corp,DC=test")]
    [InlineData("CN=\\41nna\\, the \\\"Great\\\" \\+ 1,OU=S\\74aff,DC=corp,DC=test")]
    public void The_same_name_written_otherwise_lies_in_scope(string dn) => Assert.Null(Refuse(Person with { Dn = dn }));

    private static WritebackResult.NotAttempted? Refuse(AccountState account) =>
        Authorisation.Refuse(
            account,
            [DistinguishedName.TryParse("OU=Staff,DC=corp,DC=test")!],
            new HashSet<Sid> { Sid.TryParse($"{Domain}-1200")!.Value },
            new(new HashSet<Sid>(), []),
            Now
        );
}
