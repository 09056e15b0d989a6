using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>Somebody at the desk of a portal in this process, with everything set up, in a browser.</summary>
internal static class PortalSeat
{
    private const string Password = "Quiet river 4 stones";

    public static async Task SeatAsync(this InProcessPortal portal, BrowserTab tab, string tenant, Role role)
    {
        var link = new Uri(await portal.OperateAsync("admin", "invite", "admin", "--tenant", tenant, "--role", role.ToString()));
        using var person = new Person(portal.Certificates.CreateClient(portal.Origin, keepsCookies: false));
        await DeskPerson.FollowAsync(person, link.AbsolutePath, Password, TimeProvider.System);
        await tab.Page.Context.AddCookiesAsync([DeskTabs.SessionOf(person, portal.Origin)]);
    }
}
