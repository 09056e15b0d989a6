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
        var person = world.TakePerson();
        var writes = world.Forest.Admin.WriteCount(person.Dn);
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await world.ProveAsync(wizard, person);

        using (var claim = world.HoldAnswer(Portal.Agents.AgentApi.Claim))
        {
            await wizard.TypePasswordAsync("Killed-After-Grant-1");
            await claim.ReachedAsync();
            await world.Agent.Process!.KillAsync();
        }

        await world.StartAgentAsync();
        await Microsoft.Playwright.Assertions.Expect(wizard.Alert).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await wizard.ExpectPasswordPageAsync();
        Assert.Equal(writes, world.Forest.Admin.WriteCount(person.Dn));
        Assert.True(world.Forest.Admin.Bind(person.Upn, person.Password).Accepted);
    }

    [Fact]
    [Trait("Case", "H82")]
    public async Task An_agent_killed_before_its_outcome_is_reported_reports_it_after_its_restart_and_writes_once()
    {
        var person = world.TakePerson();
        var writes = world.Forest.Admin.WriteCount(person.Dn);
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await world.ProveAsync(wizard, person);

        using (var outcome = world.HoldCall(Portal.Agents.AgentApi.Outcome))
        {
            await wizard.TypePasswordAsync("Killed-Before-Report-1");
            await outcome.ReachedAsync();
            await world.Agent.Process!.KillAsync();
        }

        await world.StartAgentAsync();
        await wizard.ExpectDoneAsync();
        Assert.Equal(writes + 1, world.Forest.Admin.WriteCount(person.Dn));
        Assert.True(world.Forest.Admin.Bind(person.Upn, "Killed-Before-Report-1").Accepted);
    }

    [Fact]
    [Trait("Case", "H82")]
    public async Task An_agent_killed_after_its_intent_finds_out_from_the_write_counter_and_never_writes_again()
    {
        var person = world.TakePerson();
        var writes = world.Forest.Admin.WriteCount(person.Dn);
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await world.ProveAsync(wizard, person);

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
        var written = world.Forest.Admin.WriteCount(person.Dn) - writes;
        Assert.InRange(written, 0u, 1u);
        Assert.Equal(written == 1, world.Forest.Admin.Bind(person.Upn, "Killed-After-Intent-1").Accepted);
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
        var person = world.TakePerson();
        var writes = world.Forest.Admin.WriteCount(person.Dn);
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await world.ProveAsync(wizard, person);

        using (var outcome = world.HoldCall(Portal.Agents.AgentApi.Outcome))
        {
            await wizard.TypePasswordAsync("During-The-Last-7");
            await outcome.ReachedAsync();
            await world.RestartPortalAsync();
        }

        await wizard.Page.GotoAsync("/reset/result");
        await wizard.ExpectDoneAsync();
        Assert.Equal(writes + 1, world.Forest.Admin.WriteCount(person.Dn));
    }

    private async Task ReadsThatItCannotBeDoneNowAsync(string name)
    {
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await wizard.IdentifyAsync(name);
        await wizard.ExpectHeadingAsync("cannot be reset here");
    }
}
