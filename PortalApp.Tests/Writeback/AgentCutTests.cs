using Portal.Agents;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

/// <summary>Cuts between the agent and its directory or its portal: at most one write, and never a lie.</summary>
public sealed class AgentCutTests(ForestFixture forests) : IAsyncDisposable
{
    private const string Password = "Lantern-Harbour-77";
    private readonly AgentPortal portal = new();
    private AgentUnderTest? agent;
    private CuttableLink? link;
    private Forest? forest;

    public async ValueTask DisposeAsync()
    {
        if (agent is not null)
        {
            await agent.DisposeAsync();
        }

        if (link is not null)
        {
            await link.DisposeAsync();
        }

        portal.Dispose();
    }

    [Theory]
    [Trait("Case", "H85")]
    [InlineData(RequestKind.Reset)]
    [InlineData(RequestKind.Change)]
    public async Task A_modify_whose_answer_is_lost_is_found_by_the_directorys_count(RequestKind kind)
    {
        var account = await StartAsync($"AnswerLost{kind}");
        var before = forest!.Admin.WriteCount(account.Dn);
        portal.AtClaim = () =>
        {
            link!.DropsAnswers = true;
            return Task.CompletedTask;
        };

        var handling = agent!.SendAsync(Set(kind, account));
        await UntilAsync(() => forest.Admin.WriteCount(account.Dn) > before, "the write");
        link!.DropsAnswers = false;
        link.Cut();

        Assert.Equal(new WritebackResult.Applied(false), await handling);
        Assert.Equal(before + 1, forest.Admin.WriteCount(account.Dn));
        Assert.True(forest.Admin.Bind(account.Upn, Password).Accepted);
    }

    [Fact]
    [Trait("Case", "H85")]
    public async Task A_modify_that_never_arrived_is_said_not_to_have_been_attempted()
    {
        var account = await StartAsync("RequestLost");
        var before = forest!.Admin.WriteCount(account.Dn);
        LoseTheModify();

        var result = await agent!.ResetAsync(account.Dn, Password);

        Assert.Equal(WritebackReason.DirectoryUnreachable, Assert.IsType<WritebackResult.NotAttempted>(result).Reason);
        Assert.Equal(before, forest.Admin.WriteCount(account.Dn));
    }

    [Fact]
    [Trait("Case", "H75")]
    [Trait("Case", "H85")]
    public async Task What_cannot_be_looked_up_is_unknown_and_is_resolved_when_the_directory_is_back()
    {
        var account = await StartAsync("Unreachable");
        var before = forest!.Admin.WriteCount(account.Dn);
        portal.AtClaim = () =>
        {
            link!.DropsAnswers = true;
            return Task.CompletedTask;
        };
        var request = AgentUnderTest.Reset(agent!.Link(account.Dn), Password);

        var handling = agent.SendAsync(request);
        await UntilAsync(() => forest.Admin.WriteCount(account.Dn) > before, "the write");
        link!.Refuses = true;
        link.Cut();
        Assert.Equal(WritebackReason.AnswerLost, Assert.IsType<WritebackResult.Unknown>(await handling).Reason);

        (link.Refuses, link.DropsAnswers) = (false, false);
        await RestartAsync();
        await agent.Recovery.RunAsync(TestContext.Current.CancellationToken);

        await UntilAsync(() => portal.OutcomeOf(request.Id) is WritebackResult.Applied, "the resolved outcome");
        Assert.Equal(before + 1, forest.Admin.WriteCount(account.Dn));
    }

    [Theory]
    [Trait("Case", "H69")]
    [InlineData(RequestKind.Reset)]
    [InlineData(RequestKind.Change)]
    public async Task A_request_delivered_again_is_carried_out_once_whatever_happened_to_the_agent(RequestKind kind)
    {
        var account = await StartAsync($"Replayed{kind}");
        var before = forest!.Admin.WriteCount(account.Dn);
        var request = Set(kind, account);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => agent!.Handler.HandleAsync(request, TestContext.Current.CancellationToken)));
        await UntilAsync(() => portal.OutcomeOf(request.Id) is not null, "the outcome");
        await agent!.Handler.HandleAsync(request, TestContext.Current.CancellationToken);

        await RestartAsync();
        await ReplayAsync(request, account);
        Assert.Equal(1, portal.Claims);
        await RestartAsync(loseJournal: true);
        await ReplayAsync(request, account);

        Assert.Equal(before + 1, forest.Admin.WriteCount(account.Dn));
        Assert.Equal(new WritebackResult.Applied(false), portal.OutcomeOf(request.Id));
        Assert.All(portal.Reports, report => Assert.Equal(new WritebackResult.Applied(false), report.Result));
    }

    [Fact]
    [Trait("Case", "H70")]
    public async Task What_comes_after_its_time_writes_nothing()
    {
        var account = await StartAsync("Late");
        var before = forest!.Admin.WriteCount(account.Dn);
        var anchor = agent!.Link(account.Dn);
        var request = AgentUnderTest.Reset(anchor, Password);

        portal.Remaining = 0;
        await agent.Handler.HandleAsync(request, TestContext.Current.CancellationToken);
        Assert.Null(portal.OutcomeOf(request.Id));

        portal.Remaining = 200;
        var expired = await agent.SendAsync(AgentUnderTest.Reset(anchor, Password));
        Assert.Equal(WritebackReason.Expired, Assert.IsType<WritebackResult.NotAttempted>(expired).Reason);

        portal.Remaining = 1000;
        portal.AtClaim = () => Task.Delay(TimeSpan.FromMilliseconds(1100), TimeProvider.System);
        var slow = await agent.SendAsync(AgentUnderTest.Reset(anchor, Password));
        Assert.Equal(WritebackReason.Expired, Assert.IsType<WritebackResult.NotAttempted>(slow).Reason);

        Assert.Equal(before, forest.Admin.WriteCount(account.Dn));
    }

    [Fact]
    [Trait("Case", "H82")]
    public async Task An_outcome_is_sent_until_the_portal_has_it_over_a_restart_too()
    {
        var account = await StartAsync("Unreported");
        portal.AtClaim = () =>
        {
            portal.LosesOutcomes = true;
            return Task.CompletedTask;
        };
        var request = AgentUnderTest.Reset(agent!.Link(account.Dn), Password);
        await agent.SendAsync(request);
        Assert.False(agent.Journal.Find(request.Id)!.Reported);

        portal.LosesOutcomes = false;
        await RestartAsync();
        await agent.Recovery.RunAsync(TestContext.Current.CancellationToken);

        await UntilAsync(() => agent.Journal.Find(request.Id)!.Reported, "the report");
        Assert.All(portal.Reports, report => Assert.Equal(new WritebackResult.Applied(false), report.Result));
    }

    [Fact]
    public async Task Beyond_the_agents_own_cap_nothing_is_set_and_somebody_is_told()
    {
        var account = await StartAsync("Capped", setup => setup with { SetsPerAccountPerHour = 1 });
        var before = forest!.Admin.WriteCount(account.Dn);

        Assert.Equal(new WritebackResult.Applied(false), await agent!.ResetAsync(account.Dn, Password));
        var second = await agent.ResetAsync(account.Dn, "Another-Harbour-78");

        Assert.Equal(WritebackReason.RateCapped, Assert.IsType<WritebackResult.NotAttempted>(second).Reason);
        await UntilAsync(() => !portal.Alarms.IsEmpty, "the alarm");
        Assert.Equal(AlarmKind.RateCapped, portal.Alarms.First().Kind);
        Assert.Equal(before + 1, forest.Admin.WriteCount(account.Dn));
    }

    [Fact]
    [Trait("Case", "H86")]
    public async Task Without_its_journal_the_agent_sets_nothing()
    {
        var account = await StartAsync("NoDisk");
        var before = forest!.Admin.WriteCount(account.Dn);
        portal.AtClaim = () =>
        {
            using var thief = new Microsoft.Data.Sqlite.SqliteConnection(
                $"Data Source={Path.Combine(agent!.Folder, "journal.db")};Pooling=False"
            );
            thief.Open();
            using var drop = thief.CreateCommand();
            drop.CommandText = "DROP TABLE request";
            drop.ExecuteNonQuery();
            return Task.CompletedTask;
        };

        var result = await agent!.ResetAsync(account.Dn, Password);

        Assert.Equal(WritebackReason.AgentFault, Assert.IsType<WritebackResult.NotAttempted>(result).Reason);
        Assert.Equal(before, forest.Admin.WriteCount(account.Dn));
    }

    private static Task UntilAsync(Func<bool> condition, string what) =>
        Eventually.TrueAsync(condition, TimeSpan.FromSeconds(30), what, TestContext.Current.CancellationToken);

    private void LoseTheModify()
    {
        portal.AtClaim = () =>
        {
            link!.DropsRequests = true;
            _ = CutSoonAsync();
            return Task.CompletedTask;
        };

        async Task CutSoonAsync()
        {
            var said = link!.BytesFromClient;
            await UntilAsync(() => link.BytesFromClient > said, "the modify");
            link.Cut();
            link.DropsRequests = false;
        }
    }

    private WritebackRequest.OfAccount Set(RequestKind kind, ForestAccount account) =>
        kind == RequestKind.Change
            ? AgentUnderTest.Change(agent!.Link(account.Dn), account.Password, Password)
            : AgentUnderTest.Reset(agent!.Link(account.Dn), Password);

    private async Task ReplayAsync(WritebackRequest.OfAccount request, ForestAccount account)
    {
        var anchor = agent!.Link(account.Dn);
        WritebackRequest again = request is WritebackRequest.Change change
            ? new WritebackRequest.Change(change.Header, anchor, change.Current, change.Password)
            : new WritebackRequest.Reset(request.Header, anchor, ((WritebackRequest.Reset)request).Password);
        await agent.Recovery.RunAsync(TestContext.Current.CancellationToken);
        await agent.Handler.HandleAsync(again, TestContext.Current.CancellationToken);
    }

    private async Task<ForestAccount> StartAsync(string given, Func<AgentSetup, AgentSetup>? change = null)
    {
        forest = await forests.StartedAsync();
        link = new(forest.Address, forest.Ldaps.Port);
        var setup = new AgentSetup("https://portal.test", forest);
        agent = new(change?.Invoke(setup) ?? setup, portal, change: ThroughTheLink);
        var account = ForestPopulation.User with { Given = given, Surname = "Schnitt" };
        forest.Admin.AddAccount(account);
        return account;
    }

    private async Task RestartAsync(bool loseJournal = false)
    {
        await agent!.DisposeAsync();
        if (loseJournal)
        {
            Directory.GetFiles(agent.Folder, "journal.db*").ToList().ForEach(File.Delete);
        }

        agent = new(agent.Setup, portal, agent.Folder, ThroughTheLink);
    }

    private Agent.AgentOptions ThroughTheLink(Agent.AgentOptions options) =>
        options with
        {
            Directory = options.Directory with { Port = link!.Port },
        };
}
