using System.Globalization;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

/// <summary>An agent that is asked about passwords, over a link that can be cut, and policies of single accounts.</summary>
internal sealed class VerifyGround(ForestFixture forests) : IAsyncDisposable
{
    public const string Wrong = "Not-The-Password-1";
    private readonly List<string> policies = [];

    public AgentPortal Portal { get; } = new();

    public AgentUnderTest Agent { get; private set; } = null!;

    public ForestDirectory Admin { get; private set; } = null!;

    public CuttableLink Link { get; private set; } = null!;

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Link.DisposeAsync();
        Portal.Dispose();
        policies.ForEach(Admin.Delete);
    }

    public async Task<WritebackReason> RejectedAsync(ForestAccount account, string typed) =>
        Assert.IsType<WritebackResult.Rejected>(await Agent.VerifyAsync(account.Dn, typed)).Reason;

    public int CountOf(ForestAccount account) => int.Parse(Admin.Read(account.Dn, "badPwdCount") ?? "0", CultureInfo.InvariantCulture);

    /// <summary>A fine-grained policy for that account alone.</summary>
    public void Apply(ForestAccount account, params (string Name, string Value)[] rules) =>
        policies.Add(Admin.AddPasswordPolicy(account, rules));

    public async Task<ForestAccount> StartAsync(string given, int cap = 20)
    {
        var forest = await forests.StartedAsync();
        Admin = forest.Admin;
        Link = new CuttableLink(forest.Address, forest.Ldaps.Port);
        Agent = new(
            new AgentSetup("https://portal.test", forest),
            Portal,
            change: options =>
                options with
                {
                    Directory = options.Directory with { Port = Link.Port },
                    Limits = options.Limits with { WrongPasswordsPerAccountPerHour = cap },
                }
        );
        var account = ForestPopulation.User with { Given = given, Surname = "Asked" };
        Admin.AddAccount(account);
        await Eventually.TrueAsync(() => AgentControllersTests.ConnectsAsync(Agent), TimeSpan.FromSeconds(30), "the directory");
        await Agent.SendAsync(AgentUnderTest.Health());
        return account;
    }
}
