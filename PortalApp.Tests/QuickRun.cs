using PortalApp.Tests.EndToEnd;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Layout;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.Relay;

namespace PortalApp.Tests;

/// <summary>
/// <c>./dev test --quick</c>: everything but the classes that ask for a forest, a browser or a whole system, but the second database, and but
/// what takes long by itself, for whoever writes the next room.
/// </summary>
internal static class QuickRun
{
    private static readonly Type[] Slow = [typeof(ForestFixture), typeof(BrowserFixture), typeof(LiveSystemFixture), typeof(World)];

    /// <summary>What the runtime and the server time by themselves, and two hundred whole resets.</summary>
    private static readonly Type[] Long = [typeof(RelayHandshakeTests), typeof(StalledCallTests), typeof(SharedNetworkTests)];

    /// <summary>The test platform's arguments.</summary>
    public static string[] Arguments(string[] more) =>
        [.. SlowClasses().SelectMany(name => (string[])["--filter-not-class", name]), .. more];

    private static IEnumerable<string> SlowClasses() =>
        typeof(QuickRun)
            .Assembly.GetTypes()
            .Where(type =>
                type.IsDefined(typeof(OnPostgreSqlAttribute), inherit: false)
                || Long.Contains(type)
                || type.GetConstructors().SelectMany(c => c.GetParameters()).Any(p => Slow.Contains(p.ParameterType))
            )
            .Select(type => type.FullName!);
}
