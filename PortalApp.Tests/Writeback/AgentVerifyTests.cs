using System.Text;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Writeback;

/// <summary>Whether a password is right, asked of the agent on a real directory.</summary>
public sealed class AgentVerifyTests(ForestFixture forests) : IAsyncDisposable
{
    private readonly VerifyGround ground = new(forests);

    private AgentUnderTest Agent => ground.Agent;
    private AgentPortal Portal => ground.Portal;
    private ForestDirectory Admin => ground.Admin;
    private CuttableLink Link => ground.Link;

    public ValueTask DisposeAsync() => ground.DisposeAsync();

    [Theory]
    [InlineData("Verified", "Lantern-Harbour-77")]
    [InlineData("Verified Chinese", "灯笼港口一二三四-Aa7")]
    [InlineData("Verified Emoji", " \"Lantern\" 🔑 Harbour 77 ")]
    public async Task A_right_password_is_right_and_sets_nothing(string given, string password)
    {
        var account = await ground.StartAsync(given);
        Admin.SetPassword(account.Dn, password);
        var before = Admin.WriteCount(account.Dn);

        Assert.Equal(new WritebackResult.Verified(PasswordState.InForce), await Agent.VerifyAsync(account.Dn, password));
        Assert.Equal((before, 0), (Admin.WriteCount(account.Dn), ground.CountOf(account)));
    }

    [Fact]
    public async Task A_wrong_password_is_wrong_and_counted_once()
    {
        var account = await ground.StartAsync("Mistyped");

        Assert.Equal(WritebackReason.WrongCurrentPassword, await ground.RejectedAsync(account, VerifyGround.Wrong));
        Assert.Equal(1, ground.CountOf(account));
        Assert.Equal(new WritebackResult.Verified(PasswordState.InForce), await Agent.VerifyAsync(account.Dn, account.Password));
        Assert.Equal(0, ground.CountOf(account));
    }

    [Theory]
    [Trait("Case", "H62")]
    [InlineData("\0")]
    [InlineData("\0Lantern")]
    [InlineData(ForestAccount.InitialPassword + "\0")]
    [InlineData(ForestAccount.InitialPassword + "\0Lantern")]
    public async Task A_password_that_the_library_would_cut_short_is_nobodys(string typed)
    {
        var account = await ground.StartAsync($"Cut {typed.Length}");

        Assert.Equal(WritebackReason.WrongCurrentPassword, await ground.RejectedAsync(account, typed));
        Assert.Equal(0, ground.CountOf(account));
    }

    [Fact]
    public async Task Only_a_right_password_learns_that_another_is_due()
    {
        var account = await ground.StartAsync("Due");
        Admin.SetAttribute(account.Dn, "pwdLastSet", "0");

        Assert.Equal(WritebackReason.WrongCurrentPassword, await ground.RejectedAsync(account, VerifyGround.Wrong));
        Assert.Equal(new WritebackResult.Verified(PasswordState.MustChange), await Agent.VerifyAsync(account.Dn, account.Password));
    }

    [Theory]
    [Trait("Case", "H66")]
    [InlineData("userAccountControl", "514", WritebackReason.Disabled)]
    [InlineData("accountExpires", "116444736000000000", WritebackReason.AccountExpired)]
    [InlineData("lockoutTime", "now", WritebackReason.LockedOut)]
    [InlineData("adminCount", "1", WritebackReason.ProtectedOnce)]
    [InlineData("member", $"CN=Backup Operators,CN=Builtin,{Forest.BaseDn}", WritebackReason.Protected)]
    public async Task No_password_is_tried_of_an_account_that_is_shut_or_protected(string attribute, string value, WritebackReason why)
    {
        var account = await ground.StartAsync($"Shut {why}");
        Shut(account, attribute, value);
        var before = Link.Connections;

        foreach (var typed in new[] { account.Password, VerifyGround.Wrong })
        {
            Assert.Equal(why, Assert.IsType<WritebackResult.NotAttempted>(await Agent.VerifyAsync(account.Dn, typed)).Reason);
        }

        Assert.Equal((0, before + 2), (ground.CountOf(account), Link.Connections));
        if (attribute == "member")
        {
            Admin.RemoveFromGroup(value, account.Dn);
        }
    }

    [Fact]
    [Trait("Case", "H1")]
    public async Task A_question_about_nobody_costs_a_claim_and_a_bind_as_any_other()
    {
        var account = await ground.StartAsync("Somebody");
        var before = Link.Connections;

        await Agent.VerifyAsync(account.Dn, VerifyGround.Wrong);
        Assert.Equal((1, before + 1), (Portal.Claims, Link.Connections));
        var nobody = await Agent.SendAsync(AgentUnderTest.Verify(CloudAnchor.New(), VerifyGround.Wrong));

        Assert.Equal(WritebackReason.NotFoundOnPremises, Assert.IsType<WritebackResult.NotAttempted>(nobody).Reason);
        Assert.Equal((2, before + 2), (Portal.Claims, Link.Connections));
    }

    [Fact]
    [Trait("Case", "H85")]
    public async Task A_directory_that_is_gone_proves_nothing_and_says_so()
    {
        var account = await ground.StartAsync("Cut Off");
        (Link.Refuses, Portal.AtClaim) = (true, () => Cut());

        foreach (var anchor in new[] { Agent.Link(account.Dn), CloudAnchor.New() })
        {
            var result = await Agent.SendAsync(AgentUnderTest.Verify(anchor, account.Password));
            Assert.Equal(WritebackReason.DirectoryUnreachable, Assert.IsType<WritebackResult.NotAttempted>(result).Reason);
        }

        Task Cut()
        {
            Link.Cut();
            return Task.CompletedTask;
        }
    }

    [Fact]
    [Trait("Case", "H108")]
    public async Task A_password_that_was_tried_is_in_no_file_log_or_answer()
    {
        const string canary = "Canary-Zeewolde-9";
        var account = await ground.StartAsync("Canary");
        await Agent.VerifyAsync(account.Dn, canary);
        Admin.SetPassword(account.Dn, canary);
        await Agent.VerifyAsync(account.Dn, canary);
        await Agent.DisposeAsync();

        var kept = Directory.EnumerateFiles(Agent.Folder, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes).ToArray();
        Assert.Contains(kept, bytes => bytes.AsSpan().IndexOf("SQLite format"u8) == 0);
        Assert.All(kept, bytes => Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(canary)) < 0));
        Assert.All(kept, bytes => Assert.True(bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(canary)) < 0));
        Assert.DoesNotContain(canary, Agent.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Portal.Reports, report => report.ToString().Contains(canary, StringComparison.Ordinal));
    }

    private void Shut(ForestAccount account, string attribute, string value)
    {
        switch (attribute)
        {
            case "lockoutTime":
                Admin.LockOut(account.Dn);
                break;
            case "member":
                Admin.AddToGroup(value, account.Dn);
                break;
            default:
                Admin.SetAttribute(account.Dn, attribute, value);
                break;
        }
    }
}
