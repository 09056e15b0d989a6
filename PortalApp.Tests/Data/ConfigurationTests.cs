using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Data;

public sealed class ConfigurationTests
{
    private static readonly Dictionary<string, string> Right = new()
    {
        ["Portal:Origin"] = "https://localhost:8443",
        ["Portal:DataDirectory"] = "/nowhere/data",
        ["Mail:From"] = "no-reply@portal.example",
        ["Mail:Outbox"] = "/nowhere/outbox",
        ["Urls"] = "https://localhost:8443",
    };

    [Fact]
    public void Every_wrong_value_is_told_at_once_and_names_its_key()
    {
        var errors = ErrorsOf(
            "Development",
            new()
            {
                ["Portal:Origin"] = "http://portal.example",
                ["Portal:DataDirectory"] = "data",
                ["Portal:MasterKeyFile"] = "master.key",
                ["Mail:From"] = "nobody",
                ["Mail:Outbox"] = null,
                ["Mail:Smtp:Port"] = "many",
                ["Mail:Smtp:Security"] = "7",
                ["Writeback:DeadlineSeconds"] = "5",
                ["Urls"] = "http://localhost:8080",
                ["Kestrel:Certificates:Default:Path"] = "/nowhere/portal.pem",
            }
        );

        string[] keys =
        [
            "Portal:Origin",
            "Portal:DataDirectory",
            "Portal:MasterKeyFile",
            "Mail:From",
            "Mail:Smtp:Host",
            "Mail:Smtp:Port",
            "Mail:Smtp:Security",
            "Writeback:DeadlineSeconds",
            "Urls",
            "Kestrel:Certificates:Default:Path",
        ];
        Assert.Equal(
            keys.Order(StringComparer.Ordinal),
            errors.Select(e => e[..e.IndexOf(": ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Nothing_at_all_is_refused_too() =>
        Assert.Equal(5, ErrorsOf("Production", Right.Keys.ToDictionary(k => k, _ => (string?)null)).Count);

    [Theory]
    [InlineData("https://portal.example/")]
    [InlineData("https://portal.example/reset")]
    [InlineData("https://portal.example?x")]
    [InlineData("portal.example")]
    public void An_origin_is_an_https_address_without_path_or_trailing_slash(string origin) =>
        AssertOnly("Portal:Origin", "Development", "Portal:Origin", origin);

    [Fact]
    public void An_outbox_exists_in_development_alone() => AssertOnly("Mail:Outbox", "Production", "Mail:From", "a@b.example");

    [Theory]
    [InlineData("https://0.0.0.0:8443")]
    [InlineData("https://*:8443")]
    [InlineData("https://+:8443")]
    [InlineData("https://[::]:8443")]
    [InlineData("https://portal.example:8443")]
    [InlineData("https://localhost:8443;https://10.0.0.1:8443")]
    public void An_outbox_exists_on_loopback_alone(string urls) => AssertOnly("Mail:Outbox", "Development", "Urls", urls);

    [Theory]
    [InlineData("Kestrel:Endpoints:Lan:Url", "https://0.0.0.0:8444")]
    [InlineData("HTTPS_PORTS", "8444")]
    public void An_outbox_is_refused_whatever_way_an_open_address_is_told(string key, string value) =>
        AssertOnly("Mail:Outbox", "Development", key, value);

    [Theory]
    [InlineData("https://127.0.0.1:8443")]
    [InlineData("https://[::1]:8443")]
    [InlineData("https://LOCALHOST:8443")]
    public void Every_loopback_address_will_do(string urls) => Assert.Empty(ErrorsOf("Development", new() { ["Urls"] = urls }));

    [Fact]
    public void Codes_leave_in_the_clear_only_to_a_mail_server_on_this_machine()
    {
        var local = new Dictionary<string, string?>
        {
            ["Mail:Outbox"] = null,
            ["Mail:Smtp:Host"] = "127.0.0.1",
            ["Mail:Smtp:Security"] = "None",
        };
        var far = new Dictionary<string, string?>(local) { ["Mail:Smtp:Host"] = "mail.example" };

        Assert.Empty(ErrorsOf("Production", local));
        Assert.StartsWith("Mail:Smtp:Security", Assert.Single(ErrorsOf("Production", far)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mail_user_needs_a_password_file_that_is_there()
    {
        var smtp = new Dictionary<string, string?>
        {
            ["Mail:Outbox"] = null,
            ["Mail:Smtp:Host"] = "mail.example",
            ["Mail:Smtp:UserName"] = "portal",
        };
        var missing = new Dictionary<string, string?>(smtp) { ["Mail:Smtp:PasswordFile"] = "/nowhere/password" };

        Assert.StartsWith("Mail:Smtp:PasswordFile", Assert.Single(ErrorsOf("Production", smtp)), StringComparison.Ordinal);
        Assert.Contains("/nowhere/password", Assert.Single(ErrorsOf("Production", missing)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_says_each_on_a_line_of_stderr_and_ends_with_2()
    {
        var outcome = await Command.RunAsync(
            "dotnet",
            [Repository.Program("PortalApp")],
            new Dictionary<string, string> { ["DOTNET_ENVIRONMENT"] = "Production", ["Mail__From"] = "nobody" },
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal("", outcome.Output);
        var lines = outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^(Portal|Mail|Urls):?.*\[4802\]$", line));
    }

    [Theory]
    [InlineData("Portal:TrustedProxies:0", "nobody", "Portal:TrustedProxies")]
    [InlineData("Portal:TrustedProxies:0", "0.0.0.0/0", "Portal:TrustedProxies")]
    [InlineData("Portal:TrustedProxies:0", "10.1.0.0/33", "Portal:TrustedProxies")]
    [InlineData("Portal:LargeNetworks:0", "the office", "Portal:LargeNetworks")]
    [InlineData("ForwardedHeaders_Enabled", "true", "ForwardedHeaders_Enabled")]
    public void Nobody_is_believed_who_is_no_named_proxy(string key, string value, string told) =>
        AssertOnly(told, "Development", key, value);

    [Fact]
    public void PostgreSql_needs_a_file_that_says_where_it_is()
    {
        var folder = Repository.NewFolder("connection");
        var unreadable = Path.Combine(folder, "unreadable");
        var right = Path.Combine(folder, "right");
        TestDatabase.WriteConnection(unreadable, "Secret-Harbour-9");
        TestDatabase.WriteConnection(right, "Host=db.example;Database=portal;Username=portal;Password=Secret-Harbour-9\n");

        // A master key that stands: without one the database would be asked whether it needs an older one.
        Assert.Empty(ErrorsOf("Development", []));
        Assert.Empty(OnPostgreSql(right));
        foreach (var file in new[] { null, "/nowhere/connection", unreadable })
        {
            var error = Assert.Single(OnPostgreSql(file));
            Assert.StartsWith("Portal:ConnectionStringFile: ", error, StringComparison.Ordinal);
            Assert.DoesNotContain("Secret-Harbour-9", error, StringComparison.Ordinal);
        }

        Assert.StartsWith("Portal:Database: ", Assert.Single(ErrorsOf("Development", Changed("Oracle", null))), StringComparison.Ordinal);
        AssertOnly("Portal:ConnectionStringFile", "Development", "Portal:ConnectionStringFile", right);

        static IReadOnlyList<string> OnPostgreSql(string? file) => ErrorsOf("Development", Changed("PostgreSql", file));

        static Dictionary<string, string?> Changed(string database, string? file) =>
            new() { ["Portal:Database"] = database, ["Portal:ConnectionStringFile"] = file };
    }

    private static void AssertOnly(string expected, string environment, string key, string value) =>
        Assert.StartsWith(expected + ":", Assert.Single(ErrorsOf(environment, new() { [key] = value })), StringComparison.Ordinal);

    private static IReadOnlyList<string> ErrorsOf(string environment, Dictionary<string, string?> changed)
    {
        var settings = Right.ToDictionary(s => s.Key, s => (string?)s.Value);
        changed.ToList().ForEach(s => settings[s.Key] = s.Value);
        string[] args =
        [
            "--applicationName=PortalApp",
            $"--environment={environment}",
            .. settings.Where(s => s.Value is not null).Select(s => $"--{s.Key}={s.Value}"),
        ];
        try
        {
            using (PortalProgram.Build(args) as IDisposable)
            {
                return [];
            }
        }
        catch (ConfigurationException e)
        {
            return e.Errors;
        }
    }
}
