using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Writeback;

/// <summary>The end of an account's lock, and of nothing else, on a real directory.</summary>
public sealed class AgentUnlockTests(ForestFixture forests) : IAsyncDisposable
{
    private readonly VerifyGround ground = new(forests);

    private AgentUnderTest Agent => ground.Agent;
    private ForestDirectory Admin => ground.Admin;

    public ValueTask DisposeAsync() => ground.DisposeAsync();

    [Fact]
    public async Task The_lock_ends_and_the_password_stays_as_it_is()
    {
        var account = await ground.StartAsync("Unlocked Alone");
        Assert.False(Assert.IsType<WritebackResult.Settable>(await Agent.CheckAsync(account.Dn)).MayUnlock);
        Admin.LockOut(account.Dn);
        Assert.True(Assert.IsType<WritebackResult.Settable>(await Agent.CheckAsync(account.Dn)).MayUnlock);
        var before = Admin.WriteCount(account.Dn);

        Assert.Equal(new WritebackResult.Applied(Unlocked: true), await UnlockAsync(account));
        Assert.True(Admin.Bind(account.Upn, account.Password).Accepted);
        Assert.Equal(new WritebackResult.Applied(Unlocked: false), await UnlockAsync(account));
        Assert.Equal(before, Admin.WriteCount(account.Dn));
    }

    [Fact]
    public async Task A_protected_account_is_not_unlocked_either()
    {
        var account = await ground.StartAsync("Unlocked Never");
        Admin.AddToGroup($"CN=Domain Admins,CN=Users,{Forest.BaseDn}", account.Dn);
        Admin.LockOut(account.Dn);

        Assert.Equal(WritebackReason.Protected, Assert.IsType<WritebackResult.NotAttempted>(await UnlockAsync(account)).Reason);
        Assert.Equal("775", Admin.Bind(account.Upn, account.Password).DataCode);
    }

    [Fact]
    [Trait("Case", "H85")]
    public async Task One_whose_answer_is_lost_is_found_by_the_count_of_the_lock()
    {
        var account = await ground.StartAsync("Unlock Lost");
        Admin.LockOut(account.Dn);
        ground.Portal.AtClaim = () =>
        {
            ground.Link.DropsAnswers = true;
            return Task.CompletedTask;
        };

        var handling = UnlockAsync(account);
        await UntilAsync(() => Admin.Bind(account.Upn, account.Password).Accepted, "the end of the lock");
        ground.Link.DropsAnswers = false;
        ground.Link.Cut();

        Assert.Equal(new WritebackResult.Applied(Unlocked: true), await handling);
    }

    private Task<WritebackResult> UnlockAsync(ForestAccount account) => Agent.SendAsync(AgentUnderTest.Unlock(Agent.Link(account.Dn)));

    private static Task UntilAsync(Func<bool> condition, string what) =>
        Eventually.TrueAsync(condition, TimeSpan.FromSeconds(30), what, TestContext.Current.CancellationToken);
}
