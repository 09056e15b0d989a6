using Portal.Settings;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Operator;

/// <summary>Commands of an account that is not the folder's owner, with a real second one.</summary>
public sealed class FolderOwnerTests
{
    private const string Other = "nobody";

    [Fact]
    public async Task A_portals_command_in_anothers_folder_is_refused_and_leaves_nothing()
    {
        var folder = await NewFolderOfAsync(Other);

        var outcome = await RunAsync("PortalApp", ["tenant", "add", "Corp", "--helpdesk-phone", "+31 201234567"], folder);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(
            $"Portal:DataDirectory: {folder} belongs to {Other}, and this runs as root",
            outcome.Error,
            StringComparison.Ordinal
        );
        Assert.Contains($"sudo -u {Other}", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Theory]
    [InlineData("enrol", "--portal", "https://portal.example", "--code", "AAAAAA-AAAAA-AAAAA-AAAAA-AAAAA")]
    [InlineData("run")]
    [InlineData("sync")]
    [InlineData("explain", "anna@corp.test")]
    public async Task An_agents_command_in_anothers_folder_is_refused_and_leaves_nothing(params string[] arguments)
    {
        var folder = await NewFolderOfAsync(Other);

        var outcome = await RunAsync("Agent", [.. arguments, "--data", folder], folder);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($"{folder} belongs to {Other}, and this runs as root", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public async Task An_owner_without_a_name_is_said_by_number_as_sudo_takes_it()
    {
        var folder = await NewFolderOfAsync("54321");

        Assert.Contains("sudo -u '#54321'", FolderOwner.Complaint(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Ones_own_folder_and_one_that_is_not_there_are_nobody_elses()
    {
        var folder = Repository.NewFolder("own");

        Assert.Null(FolderOwner.Complaint(folder));
        Assert.Null(FolderOwner.Complaint(Path.Combine(folder, "absent")));
    }

    private static async Task<string> NewFolderOfAsync(string owner)
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can give a folder away.");
        var folder = Repository.NewFolder("others");
        await Command.RequireAsync("chown", [owner, folder], cancellation: TestContext.Current.CancellationToken);
        return folder;
    }

    private static async Task<CommandOutcome> RunAsync(string project, string[] arguments, string folder)
    {
        var environment = new Dictionary<string, string>
        {
            ["Portal__Origin"] = "https://portal.example",
            ["Portal__DataDirectory"] = folder,
            ["Mail__From"] = "no-reply@portal.example",
            ["Mail__Smtp__Host"] = "localhost",
        };
        await using var program = new DotnetProgram(project, Path.Combine(Repository.NewFolder("others-log"), "log"), environment);
        return await program.RunAsync(arguments, TestContext.Current.CancellationToken);
    }
}
