using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.EndToEnd;

/// <summary>Parts that die or hang in the worst moment: never a lie, never a second write.</summary>
[Collection(WorldCollection.Name)]
public sealed class FaultTests(World world)
{
    [Fact]
    [Trait("Case", "H6")]
    public async Task With_the_agent_stopped_every_name_reads_so_before_any_gate()
    {
        await world.Agent.Process!.StopAsync(TimeSpan.FromSeconds(5));
        await world.WaitUntilDownAsync();
        try
        {
            await ReadsThatItCannotBeDoneNowAsync(world.TakePerson().Upn);
            await ReadsThatItCannotBeDoneNowAsync("nobody-at-all@corp.test");
        }
        finally
        {
            await world.StartAgentAsync();
        }
    }

    [Fact]
    [Trait("Case", "H6")]
    public async Task With_the_agent_frozen_every_name_reads_so_before_any_gate()
    {
        world.Agent.Process!.Freeze();
        try
        {
            await world.WaitUntilDownAsync();
            await ReadsThatItCannotBeDoneNowAsync(world.TakePerson().Upn);
        }
        finally
        {
            world.Agent.Process!.Thaw();
            await world.WaitUntilHealthyAsync();
        }
    }

    [Fact]
    [Trait("Case", "H82")]
    public async Task An_agent_killed_after_the_grant_wrote_nothing_and_the_page_says_so()
    {
        await using var proven = await ProvenAsync();
        var wizard = proven.Wizard;

        using (var claim = world.HoldAnswer(Portal.Agents.AgentApi.Claim))
        {
            await wizard.TypePasswordAsync("Killed-After-Grant-1");
            await claim.ReachedAsync();
            await world.Agent.Process!.KillAsync();
        }

        await world.StartAgentAsync();
        await Microsoft.Playwright.Assertions.Expect(wizard.Alert).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await wizard.ExpectPasswordPageAsync();
        Assert.Equal(0u, proven.Writes);
        Assert.True(world.Forest.Admin.Bind(proven.Person.Upn, proven.Person.Password).Accepted);
    }

    [Fact]
    [Trait("Case", "H82")]
    public async Task An_agent_killed_before_its_outcome_is_reported_reports_it_after_its_restart_and_writes_once()
    {
        await using var proven = await ProvenAsync();
        var wizard = proven.Wizard;

        using (var outcome = world.HoldCall(Portal.Agents.AgentApi.Outcome))
        {
            await wizard.TypePasswordAsync("Killed-Before-Report-1");
            await outcome.ReachedAsync();
            await world.Agent.Process!.KillAsync();
        }

        await world.StartAgentAsync();
        await wizard.ExpectDoneAsync();
        Assert.Equal(1u, proven.Writes);
        Assert.True(world.Forest.Admin.Bind(proven.Person.Upn, "Killed-Before-Report-1").Accepted);
    }

    [Fact]
    [Trait("Case", "H82")]
    public async Task An_agent_killed_after_its_intent_finds_out_from_the_write_counter_and_never_writes_again()
    {
        await using var proven = await ProvenAsync();
        var wizard = proven.Wizard;

        // A frozen controller: the intent is on disk and the modify is on its way, but no answer comes.
        using (var claim = world.HoldAnswer(Portal.Agents.AgentApi.Claim))
        {
            await wizard.TypePasswordAsync("Killed-After-Intent-1");
            await claim.ReachedAsync();
            world.Forest.Process!.Freeze();
        }

        await world.WaitForIntentAsync();
        await world.Agent.Process!.KillAsync();
        world.Forest.Process!.Thaw();
        await world.StartAgentAsync();

        await world.RecoveredAsync();

        // Whatever the controller did with it: one write at the most, and the page says what is so.
        await wizard.Page.GotoAsync("/reset/result");
        var written = proven.Writes;
        Assert.InRange(written, 0u, 1u);
        Assert.Equal(written == 1, world.Forest.Admin.Bind(proven.Person.Upn, "Killed-After-Intent-1").Accepted);
        var said = await wizard.Heading.InnerTextAsync();
        Assert.Equal(written == 1, said == "Your password has been reset");
    }

    [Fact]
    public async Task A_portal_restarted_between_two_steps_goes_on_where_the_person_was()
    {
        var person = world.TakePerson();
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        var code = await world.AskForCodeAsync(wizard, person);

        await world.RestartPortalAsync();
        await wizard.TypeCodeAsync(code);
        await wizard.ExpectPasswordPageAsync();
        await world.RestartPortalAsync();
        await wizard.TypePasswordAsync("Between-Two-Steps-6");

        await wizard.ExpectDoneAsync();
    }

    [Fact]
    public async Task A_portal_restarted_during_the_last_step_still_learns_what_happened()
    {
        await using var proven = await ProvenAsync();
        var wizard = proven.Wizard;

        using (var outcome = world.HoldCall(Portal.Agents.AgentApi.Outcome))
        {
            await wizard.TypePasswordAsync("During-The-Last-7");
            await outcome.ReachedAsync();
            await world.RestartPortalAsync();
        }

        // The page finds out by itself: its answer was cut off.
        await wizard.ExpectDoneAsync();
        Assert.Equal(1u, proven.Writes);

        // The outcome came by HTTPS; the next test needs the relay as well.
        await world.WaitUntilHealthyAsync();
    }

    /// <summary>Somebody who has come to the page that asks for the new password.</summary>
    private async Task<Proven> ProvenAsync()
    {
        var person = world.TakePerson();
        var proven = new Proven(world.Forest, person, world.Forest.Admin.WriteCount(person.Dn), await world.OpenAsync());
        await world.ProveAsync(proven.Wizard, person);
        return proven;
    }

    private async Task ReadsThatItCannotBeDoneNowAsync(string name)
    {
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await wizard.IdentifyAsync(name);
        await wizard.ExpectHeadingAsync("cannot be reset here");
    }

    private sealed class Proven(Forest forest, ForestAccount person, uint writesBefore, BrowserTab tab) : IAsyncDisposable
    {
        public ForestAccount Person => person;
        public Wizard Wizard { get; } = new(tab);

        /// <summary>Of the account's password since then, by the directory's own count.</summary>
        public uint Writes => forest.Admin.WriteCount(person.Dn) - writesBefore;

        public ValueTask DisposeAsync() => tab.DisposeAsync();
    }
}
