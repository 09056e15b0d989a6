using Portal.Agents;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Writeback;

/// <summary>A change by who knows the old password, on a real directory.</summary>
public sealed class AgentChangeTests(ForestFixture forests) : IAsyncDisposable
{
    private const string Other = "Lantern-Harbour-77";
    private readonly VerifyGround ground = new(forests);

    private AgentUnderTest Agent => ground.Agent;
    private AgentPortal Portal => ground.Portal;
    private ForestDirectory Admin => ground.Admin;

    public ValueTask DisposeAsync() => ground.DisposeAsync();

    [Theory]
    [Trait("Case", "H55")]
    [Trait("Case", "H56")]
    [InlineData("Plain", Other)]
    [InlineData("Chinese", "灯笼港口一二三四-Aa7")]
    [InlineData("Emoji", " \"Lantern\" 🔑 Harbour 77 ")]
    [InlineData("Decomposed", "Cafe\u0301-Harbour-Aa-77")]
    public async Task The_new_one_binds_the_old_one_does_not_and_it_is_one_write(string given, string password)
    {
        var account = await StartAsync($"Changed {given}");
        var before = Admin.WriteCount(account.Dn);

        Assert.Equal(new WritebackResult.Applied(false), await Agent.ChangeAsync(account.Dn, account.Password, password));

        Assert.True(Admin.Bind(account.Upn, password).Accepted);
        Assert.False(Admin.Bind(account.Upn, account.Password).Accepted);
        Assert.Equal(before + 1, Admin.WriteCount(account.Dn));
    }

    [Fact]
    public async Task Who_must_choose_another_one_at_the_next_sign_in_does_so_by_a_change()
    {
        var account = await StartAsync("Changed Due");
        Admin.SetAttribute(account.Dn, "pwdLastSet", "0");

        Assert.Equal(new WritebackResult.Applied(false), await Agent.ChangeAsync(account.Dn, account.Password, Other));
        Assert.True(Admin.Bind(account.Upn, Other).Accepted);
    }

    [Fact]
    public async Task A_wrong_old_one_is_said_so_counted_once_and_changes_nothing()
    {
        var account = await StartAsync("Changed Wrong");

        Assert.Equal(WritebackReason.WrongCurrentPassword, await RejectedAsync(account, VerifyGround.Wrong, Other));

        Assert.Equal(1, ground.CountOf(account));
        Assert.True(Admin.Bind(account.Upn, account.Password).Accepted);
    }

    [Theory]
    [Trait("Case", "H65")]
    [InlineData("Short-77", WritebackReason.TooShort)]
    [InlineData("onlysmallletters", WritebackReason.NotComplex)]
    [InlineData(Other, WritebackReason.InHistory)]
    public async Task The_directory_says_which_rule_was_broken_with_the_rules(string password, WritebackReason reason)
    {
        var account = await StartAsync($"Changed {reason}");
        ground.Apply(account, ("msDS-PasswordHistoryLength", "5"), ("msDS-MinimumPasswordLength", "12"));
        Assert.IsType<WritebackResult.Applied>(await Agent.ChangeAsync(account.Dn, account.Password, Other));
        Assert.IsType<WritebackResult.Applied>(await Agent.ChangeAsync(account.Dn, Other, "Third-Harbour-77"));

        var result = Assert.IsType<WritebackResult.Rejected>(await Agent.ChangeAsync(account.Dn, "Third-Harbour-77", password));

        Assert.Equal((reason, 12, 5), (result.Reason, result.Rules?.MinimumLength, result.Rules?.HistoryLength));
        Assert.True(Admin.Bind(account.Upn, "Third-Harbour-77").Accepted);
    }

    [Fact]
    public async Task One_that_is_too_young_says_from_when_it_may_be_changed()
    {
        var account = await StartAsync("Changed Young");
        ground.Apply(account, ("msDS-MinimumPasswordAge", "-864000000000"));
        Admin.SetPassword(account.Dn, account.Password);

        var result = Assert.IsType<WritebackResult.Rejected>(await Agent.ChangeAsync(account.Dn, account.Password, Other));

        Assert.Equal(WritebackReason.TooYoung, result.Reason);
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(result.Rules!.ChangeableFrom!.Value, now.AddHours(23), now.AddHours(25));
    }

    [Theory]
    [Trait("Case", "H14")]
    [InlineData(5)]
    [InlineData(3)]
    public async Task However_often_old_ones_are_guessed_by_sign_in_and_change_together_the_account_is_never_locked(int threshold)
    {
        var account = await StartAsync($"Changed Guessed {threshold}");
        ground.Apply(account, ("msDS-LockoutThreshold", $"{threshold}"));
        var anchor = Agent.Link(account.Dn);

        for (var round = 0; round < 4; round++)
        {
            await Task.WhenAll(
                Enumerable
                    .Range(0, 3)
                    .Select(n => $"{VerifyGround.Wrong}{round}{n}")
                    .SelectMany(wrong =>
                        new[]
                        {
                            Agent.SendAsync(AgentUnderTest.Verify(anchor, wrong)),
                            Agent.SendAsync(AgentUnderTest.Change(anchor, wrong, Other)),
                        }
                    )
            );
        }

        Assert.Equal(threshold - 1, ground.CountOf(account));
        Assert.Equal(
            WritebackReason.NearLockOut,
            Assert.IsType<WritebackResult.NotAttempted>(await Agent.ChangeAsync(account.Dn, account.Password, Other)).Reason
        );
        Assert.True(Admin.Bind(account.Upn, account.Password).Accepted);
    }

    [Fact]
    public async Task The_agents_own_cap_counts_old_ones_with_the_others()
    {
        var account = await StartAsync("Changed Capped", cap: 2);
        ground.Apply(account, ("msDS-LockoutThreshold", "0"));
        await Agent.VerifyAsync(account.Dn, VerifyGround.Wrong);
        Assert.Equal(WritebackReason.WrongCurrentPassword, await RejectedAsync(account, VerifyGround.Wrong, Other));

        Assert.Equal(
            WritebackReason.RateCapped,
            Assert.IsType<WritebackResult.NotAttempted>(await Agent.ChangeAsync(account.Dn, account.Password, Other)).Reason
        );
        await Eventually.TrueAsync(() => Portal.Alarms.Any(a => a.Kind == AlarmKind.RateCapped), TimeSpan.FromSeconds(10), "the alarm");
    }

    [Theory]
    [Trait("Case", "H66")]
    [InlineData("userAccountControl", "514", WritebackReason.Disabled)]
    [InlineData("adminCount", "1", WritebackReason.ProtectedOnce)]
    public async Task None_is_changed_of_an_account_that_is_shut_or_protected(string attribute, string value, WritebackReason why)
    {
        var account = await StartAsync($"Changed {why}");
        Admin.SetAttribute(account.Dn, attribute, value);

        Assert.Equal(
            why,
            Assert.IsType<WritebackResult.NotAttempted>(await Agent.ChangeAsync(account.Dn, VerifyGround.Wrong, Other)).Reason
        );
        Assert.Equal(0, ground.CountOf(account));
    }

    [Fact]
    [Trait("Case", "H69")]
    public async Task One_that_is_delivered_again_is_carried_out_once()
    {
        var account = await StartAsync("Changed Again");
        var before = Admin.WriteCount(account.Dn);
        var asked = AgentUnderTest.Change(Agent.Link(account.Dn), account.Password, Other);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Agent.SendAsync(asked)));
        await Agent.SendAsync(asked);

        Assert.Equal((before + 1, new WritebackResult.Applied(false)), (Admin.WriteCount(account.Dn), Portal.OutcomeOf(asked.Id)));
    }

    [Fact]
    [Trait("Case", "H108")]
    public async Task Neither_password_is_in_any_file_log_or_answer()
    {
        const string canary = "Canary-Zeewolde-9";
        var account = await StartAsync("Changed Canary");
        await Agent.ChangeAsync(account.Dn, canary, "Canary-Zeewolde-10");
        await Agent.ChangeAsync(account.Dn, account.Password, canary);
        await Agent.DisposeAsync();

        Assert.All(
            Directory.EnumerateFiles(Agent.Folder, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes),
            bytes => Assert.True(bytes.AsSpan().IndexOf("Canary-Zeewolde"u8) < 0)
        );
        Assert.DoesNotContain("Canary-Zeewolde", Agent.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Portal.Reports, report => report.ToString().Contains("Canary-Zeewolde", StringComparison.Ordinal));
    }

    private async Task<WritebackReason> RejectedAsync(ForestAccount account, string old, string password) =>
        Assert.IsType<WritebackResult.Rejected>(await Agent.ChangeAsync(account.Dn, old, password)).Reason;

    private async Task<ForestAccount> StartAsync(string given, int cap = 20) => await ground.StartAsync(given, cap);
}
