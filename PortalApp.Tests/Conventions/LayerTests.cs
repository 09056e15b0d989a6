using System.Reflection;
using System.Text.RegularExpressions;
using NetArchTest.Rules;
using Portal.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Conventions;

public sealed partial class LayerTests
{
    private static readonly string[] UseCases =
    [
        "PasswordReset",
        "PasswordChange",
        "Disputes",
        "Registration",
        "Helpdesk",
        "Administration",
        "Reports",
        "DirectorySync",
        "Api",
        "Operator",
    ];

    private static readonly string[] Capabilities =
    [
        "Gates",
        "Authenticators",
        "Captcha",
        "Policy",
        "Passwords",
        "Writeback",
        "Agents",
        "Notifications",
        "SignIn",
        "Layout",
        "Desk",
    ];

    private static readonly string[] Ground =
    [
        "Users",
        "Tenants",
        "Secrets",
        "Relay",
        "Throttle",
        "Audit",
        "Outbound",
        "Data",
        "Certificates",
    ];

    /// <summary>Network, disk, processes and the machine's clock.</summary>
    private static readonly string[] Outside =
    [
        "Amqp.Address",
        "Amqp.Connection",
        "Amqp.ConnectionFactory",
        "Amqp.Listener",
        "System.Diagnostics.Process",
        "System.Diagnostics.Stopwatch",
        "System.Environment",
        "System.IO.Directory",
        "System.IO.DirectoryInfo",
        "System.IO.File",
        "System.IO.FileInfo",
        "System.IO.FileStream",
        "System.IO.Pipes",
        "System.IO.RandomAccess",
        "System.IO.StreamReader",
        "System.IO.StreamWriter",
        "System.Net.Dns",
        "System.Net.Http",
        "System.Net.Mail.SmtpClient",
        "System.Net.NetworkInformation",
        "System.Net.Security",
        "System.Net.Sockets",
        "System.Net.WebSockets",
        "System.Security.Cryptography.X509Certificates.X509CertificateLoader",
        "System.Threading.Timer",
    ];

    private static readonly Assembly PortalAssembly = Assembly.Load("PortalApp");
    private static readonly Assembly AgentAssembly = Assembly.Load("Agent");

    /// <summary>Read once: that takes longer than any question.</summary>
    private static readonly Types PortalTypes = Types.InAssembly(PortalAssembly);

    [Fact]
    public void Portal_and_agent_know_nothing_of_each_other()
    {
        Assert.DoesNotContain(PortalAssembly.GetReferencedAssemblies(), a => a.Name is "Agent");
        Assert.DoesNotContain(AgentAssembly.GetReferencedAssemblies(), a => a.Name is "PortalApp");
        Assert.DoesNotContain(typeof(TenantId).Assembly.GetReferencedAssemblies(), a => a.Name is "PortalApp" or "Agent");
    }

    [Fact]
    public void Nothing_in_the_portal_refers_up()
    {
        Assert.True(Refers("PasswordReset", "Gates"), "References are not seen at all.");
        AssertNone(Ground, [.. Capabilities, .. UseCases]);
        AssertNone(Capabilities, UseCases);
    }

    /// <summary>The compiler leaves no trace of a constant's home, so the using lines are read as well.</summary>
    [Fact]
    public void No_file_of_the_portal_names_a_slice_above_its_own()
    {
        string[][] layers = [Ground, Capabilities, UseCases];
        var up = SourceFiles
            .With(".cs", ".razor")
            .SelectMany(file => File.ReadLines(file).Select(line => (File: SourceFiles.Relative(file), Line: line)))
            .Where(found => found.File.StartsWith("PortalApp/", StringComparison.Ordinal))
            .Select(found => (found.File, Named: Using().Match(found.Line).Groups["slice"].Value))
            .Where(found => found.Named.Length > 0)
            .Where(found => LayerOf(found.Named) > LayerOf(found.File.Split('/')[1]));

        Assert.Empty(up);

        // The root puts everything together, and stands above all.
        int LayerOf(string slice) => Array.FindIndex(layers, layer => layer.Contains(slice)) is var layer and >= 0 ? layer : layers.Length;
    }

    [Fact]
    public void Only_an_operators_command_refers_to_what_puts_the_portal_together()
    {
        var root = PortalAssembly.GetTypes().Where(t => t.Namespace == "PortalApp").Select(t => t.FullName!).ToArray();
        var referring = UseCases
            .Concat(Capabilities)
            .Concat(Ground)
            .Where(slice =>
                PortalTypes
                    .That()
                    .ResideInNamespace($"PortalApp.{slice}")
                    .And()
                    .HaveDependencyOnAny(root)
                    .GetTypes()
                    .Any(t => IsIn(t, slice))
            );

        // Layout draws pages into App, the root component.
        Assert.Equal(["Operator", "Layout"], referring);
    }

    [Fact]
    public void Nothing_but_a_home_of_passwords_asks_the_agents_to_write()
    {
        var asking = PortalTypes
            .That()
            .DoNotResideInNamespace("PortalApp.Writeback")
            .And()
            .HaveDependencyOn("PortalApp.Writeback.WritebackClient")
            .GetTypes()
            .Select(t => t.FullName!.Split('/', '+')[0])
            .Distinct();

        Assert.Equal(["PortalApp.Passwords.OnPremisesHome"], asking);
    }

    [Fact]
    public async Task Every_row_carries_its_tenant_where_one_can_be_known()
    {
        await using var portal = await PortalHost.StartAsync();
        var without = await portal.WithDbAsync(db =>
            Task.FromResult(
                db.Model.GetEntityTypes()
                    .Where(entity =>
                        !entity.GetProperties().Any(p => (Nullable.GetUnderlyingType(p.ClrType) ?? p.ClrType) == typeof(TenantId))
                    )
                    .Select(entity => entity.ClrType.Name)
                    .Order(StringComparer.Ordinal)
                    .ToArray()
            )
        );

        Assert.Equal(["AuditProgress", "DataProtectionKey", "SpentChallenge", "ThrottleCount", "WrappedPortalKey"], without);
    }

    [Fact]
    public void Slices_of_the_portal_refer_sideways_without_a_circle()
    {
        var slices = UseCases.Concat(Capabilities).Concat(Ground).ToArray();
        var edges = slices.ToDictionary(from => from, from => slices.Where(to => to != from && Refers(from, to)).ToArray());

        foreach (var start in slices)
        {
            Assert.DoesNotContain(start, Reachable(start, edges));
        }
    }

    [Fact]
    public void Every_folder_of_the_portal_has_its_place_in_the_layers()
    {
        string[] root = ["bin", "obj", "wwwroot", "Properties", .. UseCases, .. Capabilities, .. Ground];
        var folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "PortalApp")).Select(Path.GetFileName);

        Assert.Empty(folders.Except(root));
    }

    [Fact]
    public void Nothing_in_shared_opens_a_socket_or_a_file()
    {
        var opening = Types.InAssembly(typeof(TenantId).Assembly).That().HaveDependencyOnAny(Outside).GetTypes().Select(t => t.FullName);

        Assert.Empty(opening);
    }

    private static void AssertNone(string[] from, string[] to)
    {
        var up = from.SelectMany(a => to.Where(b => Refers(a, b)).Select(b => $"{a} → {b}"));
        Assert.Empty(up);
    }

    private static bool Refers(string from, string to) =>
        PortalTypes
            .That()
            .ResideInNamespace($"PortalApp.{from}")
            .And()
            .HaveDependencyOn($"PortalApp.{to}")
            .GetTypes()
            .Any(t => IsIn(t, from));

    private static bool IsIn(Type type, string slice) =>
        type.Namespace == $"PortalApp.{slice}" || type.Namespace?.StartsWith($"PortalApp.{slice}.", StringComparison.Ordinal) == true;

    private static HashSet<string> Reachable(string start, Dictionary<string, string[]> edges)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(edges[start]);
        while (open.TryDequeue(out var next))
        {
            if (seen.Add(next))
            {
                edges[next].ToList().ForEach(open.Enqueue);
            }
        }

        return seen;
    }

    [GeneratedRegex(@"^@?using (static )?PortalApp\.(?<slice>\w+)")]
    private static partial Regex Using();
}
