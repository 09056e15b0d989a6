using Agent.Enrolment;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Agents;

/// <summary>The agent as a process beside a real portal and a real forest.</summary>
public sealed class AgentLiveTests(ForestFixture forests, LiveSystemFixture systems)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_agent_has_brought_its_own_people_to_the_portal_and_nobody_else()
    {
        var system = await systems.StartedAsync(forests);

        var people = await system.Portal.ListUsersAsync(system.Tenant, Cancelled);

        Assert.Contains(ForestPopulation.User.Upn, people);
        Assert.Contains(ForestPopulation.Disabled.Upn, people);
        Assert.DoesNotContain(ForestPopulation.NoRights.Upn, people);
        Assert.DoesNotContain(ForestPopulation.Other[0].Upn, people);
    }

    [Fact]
    public async Task A_second_agent_on_the_folder_of_a_running_one_is_refused()
    {
        var system = await systems.StartedAsync(forests);

        var outcome = await system.Agent.RunAsync(["run", "--data", system.Agent.DataDirectory], Cancelled);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("An agent works with", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_shows_every_link_of_an_enabled_account()
    {
        var system = await systems.StartedAsync(forests);

        var outcome = await system.Agent.RunAsync(["explain", ForestPopulation.User2.Upn, "--data", system.Agent.DataDirectory], Cancelled);

        Assert.Equal(0, outcome.ExitCode);
        Assert.DoesNotContain("MISSING", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("The directory's answer now: its password may be set", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_names_the_one_link_that_a_disabled_account_lacks_and_what_the_directory_says_now()
    {
        var system = await systems.StartedAsync(forests);

        var outcome = await system.Agent.RunAsync(
            ["explain", ForestPopulation.Disabled.Upn, "--data", system.Agent.DataDirectory],
            Cancelled
        );

        Assert.Equal(1, outcome.ExitCode);
        string[] missing = [.. outcome.Output.Split('\n').Where(line => line.StartsWith("MISSING", StringComparison.Ordinal))];
        Assert.Equal(2, missing.Length);
        Assert.Contains("In from AD – User AccountEnabled", missing[0], StringComparison.Ordinal);
        Assert.Contains("The directory's answer now: Disabled (33005)", missing[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_works_once_and_a_refused_enrolment_leaves_nothing_behind()
    {
        var system = await systems.StartedAsync(forests);
        var code = await system.Portal.NewAgentCodeAsync(system.OtherTenant, Cancelled);
        await using var first = await NewAgentAsync(system, "first");
        await using var second = await NewAgentAsync(system, "second");
        await using var third = await NewAgentAsync(system, "third");

        var wrong = await EnrolAsync(system, third, "ABCDEF-ABCDE-ABCDE-ABCDE-ABCDE");
        var enrolled = await EnrolAsync(system, first, code);
        var again = await EnrolAsync(system, second, code);

        Assert.Equal(0, enrolled.ExitCode);
        Assert.Matches("Fingerprint: ([A-Z2-7]{4}-){5}[A-Z2-7]{4}", enrolled.Output);
        Assert.Contains("Warning", enrolled.LastWords, StringComparison.Ordinal);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(first.DataDirectory, "keys", "agent.keys"))
        );
        foreach (var (outcome, agent) in new[] { (wrong, third), (again, second) })
        {
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains("wrong, used, or older than 15 minutes", outcome.LastWords, StringComparison.Ordinal);
            Assert.Equal(
                ["agent.json", "bind.secret"],
                Directory.GetFileSystemEntries(agent.DataDirectory).Select(Path.GetFileName).Order()
            );
        }
    }

    [Fact]
    public async Task Keys_that_systemd_hands_over_are_taken_and_lie_in_no_file_of_the_agent()
    {
        var system = await systems.StartedAsync(forests);
        await using var first = await NewAgentAsync(system, "before");
        var enrolled = await EnrolAsync(system, first, await system.Portal.NewAgentCodeAsync(system.OtherTenant, Cancelled));
        var credentials = Repository.NewFolder("credentials");
        File.Move(Path.Combine(first.DataDirectory, "keys", "agent.keys"), Path.Combine(credentials, "agent.keys"));
        await using var bare = new AgentProcess(first.DataDirectory, first.LogFile);
        await using var agent = new AgentProcess(first.DataDirectory, first.LogFile, credentials);

        var without = await bare.RunAsync(["run", "--data", first.DataDirectory], Cancelled);
        await agent.LaunchAsync();

        Assert.Equal(0, enrolled.ExitCode);
        Assert.Equal(1, without.ExitCode);
        Assert.Contains("holds no enrolled agent", without.Error, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () =>
                File.Exists(agent.LogFile)
                && (await File.ReadAllTextAsync(agent.LogFile, Cancelled)).Contains("[41301]", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            "the agent to be connected",
            Cancelled
        );
        Assert.False(File.Exists(Path.Combine(first.DataDirectory, "keys", "agent.keys")));
    }

    [Fact]
    public async Task An_enrolment_with_keys_of_systemd_writes_none_and_warns_of_none()
    {
        var system = await systems.StartedAsync(forests);
        var credentials = Repository.NewFolder("credentials");
        using (var keys = AgentKeys.New())
        {
            await File.WriteAllBytesAsync(Path.Combine(credentials, "agent.keys"), keys.Write(), Cancelled);
        }

        await using var agent = await NewAgentAsync(system, "prepared", credentials);

        var outcome = await EnrolAsync(system, agent, await system.Portal.NewAgentCodeAsync(system.OtherTenant, Cancelled));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(["tenant.keys"], Directory.GetFiles(Path.Combine(agent.DataDirectory, "keys")).Select(Path.GetFileName));
    }

    private static Task<CommandOutcome> EnrolAsync(LiveSystem system, AgentProcess agent, string code) =>
        agent.RunAsync(["enrol", "--portal", system.Portal.Address, "--code", code, "--data", agent.DataDirectory], Cancelled);

    private static async Task<AgentProcess> NewAgentAsync(LiveSystem system, string name, string? credentials = null)
    {
        var agent = new AgentProcess(
            Repository.NewFolder($"agent-{name}"),
            Path.Combine(system.Folder, "logs", name + ".log"),
            credentials
        );
        await agent.ConfigureAsync(new AgentSetup(system.Portal.Address, system.Forest), Cancelled);
        return agent;
    }
}
