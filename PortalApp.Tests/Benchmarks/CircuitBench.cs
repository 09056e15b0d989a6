using System.Globalization;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;

namespace PortalApp.Tests.Benchmarks;

/// <summary>A hundred open tables of people, of five administrators: what they cost a portal in a process of its own.</summary>
internal static class CircuitBench
{
    private const int Administrators = 5;
    private const int DesksOfEach = 20;
    private const int Desks = Administrators * DesksOfEach;
    private const string Table = "/desk/users";

    /// <summary>The page is drawn anew once it can be used, and once more with its rows.</summary>
    private const int LeastDrawn = 2;

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("circuits").FullName;
        using var certificates = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"), cancellation);
        await using var portal = new PortalProcess(folder, Path.Combine(folder, "portal.log"), Loopback.FreePort(), certificates);
        await portal.StartAsync(cancellation);
        var tenant = await portal.AddTenantAsync("Corp", "+31 201234567", "helpdesk@corp.example", cancellation);
        List<Person> people = [];
        for (var i = 0; i < Administrators; i++)
        {
            var link = await portal.InviteAsync($"admin{i.ToString(CultureInfo.InvariantCulture)}", tenant, "Administrator", cancellation);
            var person = new Person(certificates.CreateClient(portal.Origin, keepsCookies: false));
            await DeskPerson.FollowAsync(person, link.AbsolutePath, DeskPerson.Password, TimeProvider.System);
            people.Add(person);
        }

        using var sockets = certificates.CreateClient(portal.Origin, keepsCookies: false);
        List<OpenDesk> open = [];
        await OpenAsync(people[..1], 1);
        var before = portal.ResidentMebibytes;
        await OpenAsync(people, DesksOfEach);
        report.Add("desk.circuits_100", portal.ResidentMebibytes - before, "MiB (≤ 120)");
        report.Add("desk.circuit", (portal.ResidentMebibytes - before) / (Desks - 1), "MiB (≤ 1)");
        open.ForEach(desk => desk.Dispose());
        people.ForEach(person => person.Dispose());
        await portal.DisposeAsync();
        Directory.Delete(folder, recursive: true);

        async Task OpenAsync(IEnumerable<Person> whose, int each)
        {
            foreach (var person in whose)
            {
                for (var left = each - (open.Count == 1 && person == people[0] ? 1 : 0); left > 0; left--)
                {
                    var page = await person.GetAsync(Table);
                    var cookies = string.Join("; ", person.Cookies.Select(c => $"{c.Key}={c.Value}"));
                    var desk = await OpenDesk.OpenAsync(new(portal.Origin, Table), page.Html, cookies, sockets);
                    open.Add(desk);
                    await Eventually.TrueAsync(
                        () => desk.Batches >= LeastDrawn,
                        TimeSpan.FromSeconds(30),
                        "the table to be drawn",
                        cancellation
                    );
                }
            }
        }
    }
}
