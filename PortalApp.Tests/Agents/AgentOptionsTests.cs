using Agent;
using Agent.Status;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Agents;

public sealed class AgentOptionsTests(ForestFixture forests)
{
    [Fact]
    public void A_missing_file_says_what_to_write()
    {
        var wrong = Assert.IsType<AgentOptionsReading.Wrong>(AgentOptionsFile.Read(Repository.NewFolder("options")));

        var only = Assert.Single(wrong.Errors);
        Assert.Contains("agent.json is missing", only, StringComparison.Ordinal);
        Assert.Contains("\"bindPasswordFile\"", only, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_is_told_at_once_and_names_its_key()
    {
        var wrong = Assert.IsType<AgentOptionsReading.Wrong>(
            Read(
                """
                {
                  "portal": "http://portal.example/path", "portalCa": "nowhere.pem", "portl": 1,
                  "directory": {
                    "servers": [], "port": 0, "ca": "empty.pem", "baseDn": "DC=corp,DC=test", "scopes": ["OU=Staff,DC=other,DC=test"],
                    "bindName": "", "bindPasswordFile": "absent"
                  },
                  "protected": "S-1-5-21", "limits": { "setsPerMinute": "many" }, "sync": { "intervalSeconds": -1, "phoneCountry": "Holland" }
                }
                """
            )
        );

        string[] keys =
        [
            "portal:",
            "portalCa:",
            "portl:",
            "directory.connector:",
            "directory.servers:",
            "directory.port:",
            "directory.ca:",
            "directory.scopes:",
            "directory.bindName:",
            "directory.bindPasswordFile:",
            "protected:",
            "limits.setsPerMinute:",
            "sync.intervalSeconds:",
            "sync.phoneCountry:",
        ];
        Assert.All(keys, key => Assert.Single(wrong.Errors, error => error.StartsWith(key, StringComparison.Ordinal)));
        Assert.Equal(keys.Length, wrong.Errors.Count);
    }

    [Theory]
    [InlineData(3268)]
    [InlineData(3269)]
    public void The_catalogues_port_is_refused_since_it_takes_no_password_and_the_right_one_is_named(int port)
    {
        var wrong = Assert.IsType<AgentOptionsReading.Wrong>(Read($$"""{"directory":{"port": {{port}} } }"""));

        var error = Assert.Single(wrong.Errors, error => error.StartsWith("directory.port:", StringComparison.Ordinal));
        Assert.Contains("636", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"directory":{"bindName":"CORP\new"}}""", "directory.bindName: \"CORP\\new\"", "character 5")]
    [InlineData("""{"directory":{"connector":"a\u0001"}}""", "directory.connector: \"a\\u0001\"", "character 2")]
    [InlineData("""{"protected":["CN=Jane,DC=x","CORP\bob@x"]}""", "protected.1: \"CORP\\bob@x\"", "character 5")]
    public void A_control_character_is_refused_with_its_key_and_shown_as_it_was_written(string json, string told, string place)
    {
        var wrong = Assert.IsType<AgentOptionsReading.Wrong>(Read(json));

        var error = Assert.Single(wrong.Errors, error => error.StartsWith(told, StringComparison.Ordinal));
        Assert.Contains(place, error, StringComparison.Ordinal);
        Assert.Contains("a backslash is written \\\\ in JSON", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"protected":["CN=Doe, Jane,OU=x","Directors","S-1-5-x"]}""", "protected:", "character 9", "Directors", "no SID")]
    [InlineData(
        """{"directory":{"baseDn":"DC=x","scopes":["OU=A+B,DC=x","OU=Staff,DC=y"]}}""",
        "directory.scopes:",
        "character 5",
        "baseDn"
    )]
    [InlineData("""{"directory":{"baseDn":"corp.test"}}""", "directory.baseDn:", "character 1")]
    [InlineData("""{"directory":{"servers":["ldaps://dc1.corp.test"]}}""", "directory.servers:", "host name")]
    public void A_name_that_cannot_be_one_is_refused_with_its_key_and_what_is_wrong(string json, string key, params string[] told)
    {
        var wrong = Assert.IsType<AgentOptionsReading.Wrong>(Read(json));

        var error = Assert.Single(wrong.Errors, error => error.StartsWith(key, StringComparison.Ordinal));
        Assert.All(told, part => Assert.Contains(part, error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"portal":"https://a.example","portal":"https://b.example"}""")]
    public void What_is_no_configuration_is_refused(string json) => Assert.IsType<AgentOptionsReading.Wrong>(Read(json));

    [Fact]
    public async Task What_is_left_out_has_its_documented_default()
    {
        var authority = (await forests.CertificatesAsync()).AuthorityFile;

        var good = Assert
            .IsType<AgentOptionsReading.Good>(
                Read(
                    $$"""
                    {
                      "portal": "https://portal.example",
                      "directory": {
                        "connector": "corp.test", "servers": ["dc1.corp.test"], "ca": "{{authority}}", "baseDn": "DC=corp,DC=test",
                        "scopes": ["OU=\"Staff, all\",dc=corp,dc=test"], "bindName": "svc@corp.test", "bindPasswordFile": "bind.secret"
                      },
                      "protected": ["CN=\"Doe, Jane\",OU=Staff,DC=corp,DC=test", "S-1-5-21-1-2-3-4", "boss@corp.test"]
                    }
                    """
                )
            )
            .Options;

        Assert.Equal(636, good.Directory.Port);
        Assert.Equal(
            (60, 10, 20),
            (good.Limits.SetsPerMinute, good.Limits.SetsPerAccountPerHour, good.Limits.WrongPasswordsPerAccountPerHour)
        );
        Assert.Equal(300, good.Sync.IntervalSeconds);
        Assert.True(Path.IsPathRooted(good.Directory.BindPasswordFile));
        Assert.Equal(["OU=Staff\\, all,dc=corp,dc=test"], good.Directory.Scopes);
        Assert.Equal(["CN=Doe\\, Jane,OU=Staff,DC=corp,DC=test", "S-1-5-21-1-2-3-4", "boss@corp.test"], good.Protected);
        Assert.Null(good.PortalCa);
        Assert.Null(good.Sync.PhoneCountry);
    }

    [Fact]
    public void Status_says_in_one_line_what_is_not_well()
    {
        var folder = Repository.NewFolder("status");
        var now = TimeProvider.System.GetUtcNow();
        var well = new StatusReport(null, null, null, now);

        string? Told(StatusReport report, TimeSpan ago = default)
        {
            StatusFile.Write(folder, report, now - ago);
            return StatusFile.Problem(folder, now);
        }

        Assert.Equal("The agent does not run.", StatusFile.Problem(folder, now));
        Assert.Null(Told(well));
        Assert.Null(Told(well with { SyncProblem = "the portal was not reached" }));
        Assert.Equal("Not listening on the relay: cut.", Told(well with { RelayProblem = "cut" }));
        var cut = well with { RelayProblem = "cut", ClockProblem = "this machine's clock is 45 s ahead of the portal's" };
        Assert.Equal("Not listening on the relay, as this machine's clock is 45 s ahead of the portal's: set it right.", Told(cut));
        Assert.Equal("The directory does not answer: down.", Told(well with { DirectoryProblem = "down" }));
        Assert.Equal("No password can be set: who.", Told(well with { ProtectedProblem = "who" }));
        Assert.Equal("No sync run has completed: not yet.", Told(well with { SyncProblem = "not yet", SyncCompletedAt = null }));
        Assert.Contains("does not respond", Told(well, ago: TimeSpan.FromSeconds(21)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-31, "this machine's clock is 31 s ahead of the portal's")]
    [InlineData(45, "this machine's clock is 45 s behind the portal's")]
    [InlineData(30, null)]
    [InlineData(-30, null)]
    public void A_clock_that_differs_by_more_than_the_portal_puts_up_with_is_told(int ahead, string? told)
    {
        var status = new AgentStatus();

        status.PortalClock(TimeSpan.FromSeconds(ahead));

        Assert.Equal(told, status.Current.ClockProblem);
    }

    private static AgentOptionsReading Read(string json)
    {
        var folder = Repository.NewFolder("options");
        File.WriteAllText(Path.Combine(folder, "agent.json"), json);
        File.WriteAllText(Path.Combine(folder, "empty.pem"), "");
        File.WriteAllText(Path.Combine(folder, "bind.secret"), "Granite-Ferry-6208\n");
        return AgentOptionsFile.Read(folder);
    }
}
