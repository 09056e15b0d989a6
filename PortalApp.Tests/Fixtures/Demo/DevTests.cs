using System.Net;
using System.Net.Sockets;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>The script <c>dev</c> as somebody types it, on a copy of its own or in namespaces of its own.</summary>
public sealed class DevTests(ForestFixture forests) : IDisposable
{
    private static readonly string[] Tools =
    [
        "awk",
        "basename",
        "bash",
        "cat",
        "df",
        "dirname",
        "env",
        "grep",
        "id",
        "readlink",
        "rm",
        "sleep",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly string folder = Repository.NewFolder("dev");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("demo --attach")]
    [InlineData("demo --database")]
    [InlineData("demo --relay")]
    [InlineData("demo --relay pigeons")]
    [InlineData("demo --detach --database oracle")]
    [InlineData("stop now")]
    public async Task What_it_does_not_know_it_answers_with_what_it_knows(string typed)
    {
        Copy();

        var outcome = await RunAsync($"./dev {typed}");

        AssertOneLine(
            "Usage: ./dev demo [--detach] [--database sqlite|postgresql] [--relay embedded|service-bus] | ./dev stop | ./dev test",
            outcome
        );
    }

    [Fact]
    public async Task A_missing_sdk_is_said_in_one_line()
    {
        Copy();
        var path = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        foreach (var tool in Tools)
        {
            var found = (await RunAsync($"command -v {tool}")).Output.Trim();
            File.CreateSymbolicLink(Path.Combine(path, tool), found);
        }

        foreach (var command in new[] { "demo", "test", "bench" })
        {
            AssertOneLine("The .NET SDK is missing", await RunAsync($"PATH={path} ./dev {command}"));
        }
    }

    [Fact]
    public async Task An_sdk_of_another_version_is_said_in_one_line()
    {
        Copy();
        await File.WriteAllTextAsync(
            Path.Combine(folder, "global.json"),
            """{ "sdk": { "version": "99.0.100", "rollForward": "disable" } }""",
            Ct
        );

        AssertOneLine("""No installed .NET SDK fits global.json ("version": "99.0.100")""", await RunAsync("./dev test"));
    }

    [Fact]
    public async Task A_full_disk_is_said_in_one_line()
    {
        Copy();
        const string small = "mount -t tmpfs -o size=8m tmpfs disk && cp dev global.json disk && disk/dev demo";
        Directory.CreateDirectory(Path.Combine(folder, "disk"));

        AssertOneLine("The disk is full: 700 MB are needed here, and 8 MB are free.", await RunAsync($"unshare -m sh -c '{small}'"));
    }

    [Fact]
    public async Task A_build_that_fails_says_why_and_where_all_of_it_is()
    {
        Copy();

        var outcome = await RunAsync("./dev demo");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("error MSB1009", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("The build failed (all of it: .demo/logs/build.log).\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_port_is_said_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        Assert.StartsWith($"Port {port} is busy", DemoProblem.Find(IPAddress.Loopback, port), StringComparison.Ordinal);
        Assert.StartsWith(
            "A port of ",
            DemoProblem.Find((await forests.StartedAsync()).Address, Loopback.FreePort()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Stop_ends_what_was_recorded_and_nothing_that_took_its_number()
    {
        Copy();
        await using var ours = await ChildProcess.StartAsync("sleep", ["60"], Path.Combine(folder, "ours.log"));
        await using var others = await ChildProcess.StartAsync("sleep", ["60"], Path.Combine(folder, "others.log"));
        var boot = await ReadAsync("/proc/sys/kernel/random/boot_id");
        var agent = $"agent {ours.Id} {await StartOfAsync(ours.Id)}";
        var portal = $"portal {others.Id} 1{await StartOfAsync(others.Id)}";
        await File.WriteAllTextAsync(Path.Combine(folder, ".demo", "processes"), $"{boot}\n{agent}\n{portal}\n", Ct);

        var outcome = await RunAsync("./dev stop");

        Assert.Equal((0, "The demo has stopped.\n", ""), (outcome.ExitCode, outcome.Output, outcome.Error));
        await ours.Exited.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        Assert.False(others.Exited.IsCompleted);
        Assert.Equal("The demo is not running.\n", (await RunAsync("./dev stop")).Output);
    }

    [Fact]
    public async Task The_demo_comes_up_outlives_its_parts_and_leaves_nothing()
    {
        await forests.StartedAsync();

        var outcome = await Command.RunAsync(
            "unshare",
            ["-m", "-n", "-p", "-f", "--mount-proc", "--kill-child", "--propagation", "private", "bash", "-c", Lifecycle],
            new Dictionary<string, string>
            {
                ["OWN"] = folder,
                ["TESTS"] = typeof(DevTests).Assembly.Location,
                ["AGENT"] = Repository.Program("Agent"),
            },
            Repository.Root,
            TimeSpan.FromMinutes(10),
            Ct
        );

        var said = $"{outcome.Output}\n{outcome.Error}";
        Assert.True(outcome.ExitCode == 0, said);
        Assert.Contains("came up: 200", said, StringComparison.Ordinal);
        Assert.Contains("second: 1 The demo is already running; ./dev stop ends it.", said, StringComparison.Ordinal);
        Assert.Contains("after the restarts: 200", said, StringComparison.Ordinal);
        Assert.Contains("agent: 0", said, StringComparison.Ordinal);
        Assert.Contains("provider: 200", said, StringComparison.Ordinal);
        Assert.Contains("on postgresql: 200 1 no file", said, StringComparison.Ordinal);
        Assert.Contains("listening at: sb:", said, StringComparison.Ordinal);
        Assert.Contains("The demo has stopped.", said, StringComparison.Ordinal);
        Assert.Contains("left: 0", said, StringComparison.Ordinal);
    }

    /// <summary>In a network and a <c>.demo</c> of its own, beside whatever runs on this machine.</summary>
    private const string Lifecycle = """
        set -eu
        ip link set lo up
        mkdir -p "$OWN/forest-template" "$OWN/certificates"
        mount --bind .demo/forest-template "$OWN/forest-template"
        mount --bind .demo/certificates "$OWN/certificates"
        mount --rbind "$OWN" .demo

        look() { curl --silent --cacert .demo/certificates/trusted/ca.pem --output /dev/null --write-out '%{http_code}' https://localhost:8443/reset; }
        pid() { sed -n "/\"pids\"/,/}/s/.*\"$1\": \([0-9]*\).*/\1/p" .demo/demo.json; }

        dotnet "$TESTS" demo --detach
        echo "came up: $(look)"
        again=$(./dev demo --detach 2>&1) && code=0 || code=$?
        echo "second: $code $again"

        all=
        for part in portal agent directory; do
          old=$(pid "$part") all="$all $old"
          kill -KILL "$old"
          for try in $(seq 200); do
            new=$(pid "$part")
            [ "$new" = "$old" ] || break
            sleep 0.1
          done
          [ "$new" != "$old" ] && kill -0 "$new"
          all="$all $new"
        done
        for try in $(seq 300); do
          if dotnet "$AGENT" status --data .demo/agent >/dev/null 2>&1; then break; fi
          sleep 0.1
        done
        dotnet "$AGENT" status --data .demo/agent >/dev/null && echo "agent: 0"
        echo "after the restarts: $(look)"
        issuer=$(sed -n 's/.*"issuer": "\(.*\)",/\1/p' .demo/demo.json)
        echo "provider: $(curl --silent --cacert .demo/certificates/trusted/ca.pem --output /dev/null --write-out '%{http_code}' "$issuer/.well-known/openid-configuration")"

        ./dev stop

        dotnet "$TESTS" demo --detach --database postgresql --relay service-bus
        dotnet "$AGENT" status --data .demo/agent >/dev/null && echo "listening at: $(sed -n 's/.*"relay": "\(sb:\).*/\1/p' .demo/demo.json)"
        echo "on postgresql: $(look) $(grep -c '"database": "postgresql"' .demo/demo.json) $(ls .demo/portal/data/portal.db 2>/dev/null || echo 'no file')"
        all="$all $(pid portal) $(awk '$1 == "database" { print $2 }' .demo/processes)"
        ./dev stop
        left=0
        for id in $all; do if kill -0 "$id" 2>/dev/null; then left=$((left + 1)); fi; done
        echo "left: $left"
        """;

    /// <summary>In clock ticks since the machine's start (proc(5), field 22).</summary>
    private static async Task<string> StartOfAsync(int id) => (await ReadAsync($"/proc/{id}/stat")).Split(')')[^1].Split(' ')[20];

    private static async Task<string> ReadAsync(string file) => (await File.ReadAllTextAsync(file, Ct)).Trim();

    private void Copy()
    {
        foreach (var file in new[] { "dev", "global.json" })
        {
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(folder, file));
        }

        Directory.CreateDirectory(Path.Combine(folder, ".demo"));
    }

    private Task<CommandOutcome> RunAsync(string line) =>
        Command.RunAsync("bash", ["-c", line], workingDirectory: folder, cancellation: Ct);

    private static void AssertOneLine(string says, CommandOutcome outcome)
    {
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith(says, outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
