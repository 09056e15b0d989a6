namespace PortalApp.Tests.Operator;

/// <summary>Groups and policies by command: the desk's own stores.</summary>
public sealed class PolicyCommandTests(OperatorPortal portal) : IClassFixture<OperatorPortal>
{
    [Fact]
    public async Task A_group_is_added_filled_renamed_and_removed()
    {
        await GroupAsync("add", "Board");
        await GroupAsync("put", "Board", "--user", "anna@cloud.test");
        await GroupAsync("add", "Staff");
        await GroupAsync("put", "Staff", "--group", "Board");
        Assert.Contains("Board\tthe portal's own\t1", await GroupAsync("list"), StringComparison.Ordinal);

        await GroupAsync("rename", "Board", "Directors");
        await GroupAsync("take", "Directors", "--user", "anna@cloud.test");
        Assert.Contains("Directors\tthe portal's own\t0", await GroupAsync("list"), StringComparison.Ordinal);
        await GroupAsync("remove", "Directors");
        await GroupAsync("remove", "Staff");

        Assert.DoesNotContain("Directors", await GroupAsync("list"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no group Ghosts", "rename", "Ghosts", "Spirits")]
    [InlineData("Write a name of 1 to", "add", " ")]
    [InlineData("Name either --user or --group.", "put", "Everybody")]
    [InlineData("There is no user nobody@cloud.test", "put", "Everybody", "--user", "nobody@cloud.test")]
    [InlineData("There is a group Everybody already.", "add", "Everybody")]
    public async Task What_cannot_be_done_with_a_group_is_a_sentence(string said, string verb, params string[] rest)
    {
        await portal.RunAsync("group", "add", "--tenant", portal.Tenant, "Everybody");

        var refused = await portal.RunAsync(["group", verb, "--tenant", portal.Tenant, .. rest]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(said, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_go_out_and_in_are_counted_first_and_less_proof_is_asked_for_twice()
    {
        var tenant = (await portal.RunAsync("tenant", "add", "Bakery", "--helpdesk-phone", "+31 201234567")).Output.Trim();
        var (one, two) = (await FileAsync(tenant, 1), await FileAsync(tenant, 2));

        var dry = await PolicyAsync("publish", tenant, two, "--dry-run");
        Assert.Contains("Changes 0 of 0 people", dry.Output, StringComparison.Ordinal);
        Assert.Equal(1, await GatesAsync(tenant));
        Assert.Equal(0, (await PolicyAsync("publish", tenant, two)).ExitCode);
        Assert.Equal(2, await GatesAsync(tenant));

        var weaker = await PolicyAsync("publish", tenant, one);
        Assert.Equal(1, weaker.ExitCode);
        Assert.Contains("Less proof would be asked", weaker.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await PolicyAsync("publish", tenant, one, "--weaker")).ExitCode);
        Assert.Equal(1, await GatesAsync(tenant));
        Assert.Equal(0, (await PolicyAsync("undo", tenant)).ExitCode);
        Assert.Equal(2, await GatesAsync(tenant));
    }

    [Fact]
    [Trait("Case", "H46")]
    public async Task A_file_or_fewer_gates_make_answers_the_one_gate_only_where_that_is_confirmed()
    {
        var tenant = (await portal.RunAsync("tenant", "add", "Brewery", "--helpdesk-phone", "+31 201234567")).Output.Trim();
        var file = Path.Combine(portal.Folder, "questions.json");

        Assert.Contains("could be the only proof", (await PublishedAsync(1, "")).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await PublishedAsync(2, "")).ExitCode);
        var fewer = await portal.RunAsync("tenant", "set", "--tenant", tenant, "--gates", "1");
        Assert.Equal((1, 2), (fewer.ExitCode, await GatesAsync(tenant)));
        Assert.Contains("could be the only proof", fewer.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await PublishedAsync(1, """  "questionsAlone":true, """)).ExitCode);

        Assert.Contains("\"questionsAlone\": true", (await PolicyAsync("show", tenant)).Output, StringComparison.Ordinal);

        async Task<Fixtures.Processes.CommandOutcome> PublishedAsync(int gates, string more)
        {
            await File.WriteAllTextAsync(
                file,
                $$"""
                {"version":1,"policies":[],"default":
                {{{more}}"forWhom":"Everyone","gates":{{gates}},"methods":["AlternateEmail","SecurityQuestions"]} }
                """
            );
            return await PolicyAsync("publish", tenant, file, "--weaker");
        }
    }

    [Theory]
    [InlineData("""{"version":99}""", "The file is of version 99")]
    [InlineData("nothing of the kind", "does not read as policies")]
    public async Task A_file_that_cannot_be_read_changes_nothing(string text, string said)
    {
        var before = (await PolicyAsync("show", portal.Tenant)).Output;
        var file = Path.Combine(portal.Folder, "wrong.json");
        await File.WriteAllTextAsync(file, text);

        var refused = await PolicyAsync("publish", portal.Tenant, file);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(said, refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, (await PolicyAsync("show", portal.Tenant)).Output);
    }

    [Theory]
    [InlineData("0.0.0.0/1")]
    [InlineData("the office")]
    public async Task Networks_of_offices_are_named_by_command_and_none_is_as_wide_as_the_internet(string wrong)
    {
        Assert.Equal(
            0,
            (await portal.RunAsync("tenant", "set", "--tenant", portal.Tenant, "--networks", "203.0.113.0/24, 198.51.100.7")).ExitCode
        );

        var refused = await portal.RunAsync("tenant", "set", "--tenant", portal.Tenant, "--networks", wrong);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"--networks: Write \"{wrong}\" as networks", refused.Error, StringComparison.Ordinal);
    }

    private async Task<string> GroupAsync(string verb, params string[] rest)
    {
        var done = await portal.RunAsync(["group", verb, "--tenant", portal.Tenant, .. rest]);
        Assert.Equal((0, ""), (done.ExitCode, done.Error));
        return done.Output;
    }

    private Task<Fixtures.Processes.CommandOutcome> PolicyAsync(string verb, string tenant, params string[] rest) =>
        portal.RunAsync(["policy", verb, "--tenant", tenant, .. rest]);

    /// <summary>What holds, with another number of gates.</summary>
    private async Task<string> FileAsync(string tenant, int gates)
    {
        var shown = (await PolicyAsync("show", tenant)).Output;
        Assert.Contains("\"gates\": 1", shown, StringComparison.Ordinal);
        var file = Path.Combine(portal.Folder, $"gates-{gates}.json");
        await File.WriteAllTextAsync(file, shown.Replace("\"gates\": 1", $"\"gates\": {gates}", StringComparison.Ordinal));
        return file;
    }

    private async Task<int> GatesAsync(string tenant) =>
        (await PolicyAsync("show", tenant)).Output.Contains("\"gates\": 2", StringComparison.Ordinal) ? 2 : 1;
}
