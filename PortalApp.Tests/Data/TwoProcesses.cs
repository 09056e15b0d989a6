using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Data;

/// <summary>
/// Two portals as an operator runs them, processes on one PostgreSQL, and a third within the test on the same database, which has brought people
/// to where a race begins before the two are started.
/// </summary>
public sealed class TwoProcesses : IAsyncLifetime
{
    private readonly string folder = Repository.NewFolder("two-processes");
    private TestCertificates certificates = null!;

    internal ResetPortal Third { get; private set; } = null!;
    internal PortalProcess One { get; private set; } = null!;
    internal PortalProcess Two { get; private set; } = null!;

    /// <summary>At the gate, and the code that was sent.</summary>
    internal (Person Person, string User, string Code) Anna { get; private set; }

    /// <summary>At the gate, and the code that was sent.</summary>
    internal (Person Person, string User, string Code) Bert { get; private set; }

    /// <summary>Before the form for the new password.</summary>
    internal Person Carl { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Third = await ResetPortal.StartAsync();
        certificates = await TestCertificates.OpenOrCreateAsync(Repository.Certificates);
        (Anna, Bert) = (await ReachGateAsync("anna"), await ReachGateAsync("bert"));
        await Third.AddUserAsync("carl", "carl@gmail.example");
        Carl = Third.NewPerson();
        await Third.ReachPasswordAsync(Carl, "carl@corp.test", "carl@gmail.example");
        (One, Two) = (NewProcess("one"), NewProcess("two"));
        await Task.WhenAll(One.StartAsync(), Two.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
        await Third.DisposeAsync();
    }

    internal HttpClient ClientOf(PortalProcess portal) => certificates.CreateClient(portal.Origin, keepsCookies: false);

    /// <summary>The browser of somebody, with the page of their flow as a process shows it.</summary>
    internal async Task<Person> OpenAsync(PortalProcess portal, Person somebody, string page)
    {
        var browser = new Person(ClientOf(portal));
        browser.SetCookie(FlowCookie.Name, somebody.Cookies[FlowCookie.Name]);
        await browser.GetAsync(page);
        return browser;
    }

    private async Task<(Person, string, string)> ReachGateAsync(string name)
    {
        var user = await Third.AddUserAsync(name, $"{name}@gmail.example");
        var person = Third.NewPerson();
        await person.BeginAsync($"{name}@corp.test");
        return (person, user.Id, await Third.CodeToAsync($"{name}@gmail.example"));
    }

    private PortalProcess NewProcess(string name)
    {
        var (own, keys) = (Path.Combine(folder, name), Path.Combine(folder, name, "data", "keys"));
        Directory.CreateDirectory(keys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Copy(Path.Combine(Third.Database.Folder, "keys", "master.key"), Path.Combine(keys, "master.key"));
        var connection = Third.Database.Settings["Portal:ConnectionStringFile"];
        return new(own, Path.Combine(own, "portal.log"), Loopback.FreePort(), certificates, connection);
    }
}
