using System.Diagnostics;
using System.DirectoryServices.Protocols;
using System.Globalization;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Benchmarks;

/// <summary>The directory's own rate of setting passwords, over bare LDAPS connections: what a chain or a whole reset is measured against.</summary>
internal static class BareDirectory
{
    private static int passwords;

    /// <returns>Sets a second.</returns>
    public static async Task<double> RateAsync(Forest forest, IReadOnlyList<ForestAccount> people, int width, int count)
    {
        var connections = Enumerable.Range(0, width).Select(_ => forest.ConnectAs(Forest.AgentUpn, Forest.AgentPassword)).ToArray();
        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(
            connections.Select(connection =>
                Task.Run(() =>
                {
                    for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                    {
                        var set = ForestDirectory.PasswordModify(people[i % people.Count].Dn, NewPassword());
                        Assert.Equal(ResultCode.Success, connection.SendRequest(set).ResultCode);
                    }
                })
            )
        );
        var seconds = clock.Elapsed.TotalSeconds;
        Array.ForEach(connections, c => c.Dispose());
        return count / seconds;
    }

    private static string NewPassword() => string.Create(CultureInfo.InvariantCulture, $"Bare-Harbour-{Interlocked.Increment(ref passwords)}");
}
