using System.Reflection;
using NetArchTest.Rules;
using Portal.Tenants;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Conventions;

public sealed class LayerTests
{
    private static readonly string[] UseCases =
    [
        "PasswordReset",
        "PasswordChange",
        "Registration",
        "Helpdesk",
        "Administration",
        "Reporting",
        "DirectorySync",
        "Api",
        "Operator",
    ];

    private static readonly string[] Capabilities = ["Gates", "Captcha", "Policy", "Writeback", "Agents", "Notifications", "SignIn"];
    private static readonly string[] Ground = ["Users", "Tenants", "Secrets", "Relay", "Audit", "Data"];
    private static readonly Assembly PortalAssembly = Assembly.Load("PortalApp");
    private static readonly Assembly AgentAssembly = Assembly.Load("Agent");

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
        string[] root = ["Layout", "bin", "obj", "wwwroot", "Properties", .. UseCases, .. Capabilities, .. Ground];
        var folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "PortalApp")).Select(Path.GetFileName);

        Assert.Empty(folders.Except(root));
    }

    [Fact]
    public void Only_the_relay_connection_opens_a_socket_in_shared()
    {
        var opening = Types
            .InAssembly(typeof(TenantId).Assembly)
            .That()
            .HaveDependencyOnAny(
                "System.Net.Sockets",
                "System.Net.WebSockets",
                "System.Net.Http",
                "Amqp.ConnectionFactory",
                "System.IO.File",
                "System.IO.FileStream"
            )
            .GetTypes()
            .Select(t => t.FullName ?? "")
            .Where(name => !name.StartsWith("Portal.Relay.RelayConnection", StringComparison.Ordinal));

        Assert.Empty(opening);
    }

    private static void AssertNone(string[] from, string[] to)
    {
        var up = from.SelectMany(a => to.Where(b => Refers(a, b)).Select(b => $"{a} → {b}"));
        Assert.Empty(up);
    }

    private static bool Refers(string from, string to) =>
        Types
            .InAssembly(PortalAssembly)
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
}
