using OtpNet;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>Somebody who signs in with a password of the portal's own.</summary>
/// <param name="TotpSecret">Base32 (RFC 6238: 30 s, 6 digits, SHA-1); null for who has no second factor.</param>
internal sealed record DemoSeat(string Upn, string Password, string? TotpSecret);

internal sealed record DemoDesk(
    string SignIn,
    DemoSeat Admin,
    DemoSeat Admin2,
    DemoSeat Helpdesk,
    DemoSeat Reader,
    DemoSeat OtherTenantAdmin
);

/// <summary>All that the demo's set-up makes of people beside those of the directory.</summary>
/// <param name="Everything">Of the directory, with every method.</param>
/// <param name="New">Who has registered nothing yet.</param>
internal sealed record DemoPeople(DemoDesk Desk, DemoAccount Cloud, DemoAccount Everything, DemoAccount New);

/// <summary>Sets up, as an operator and the people themselves would, who sits at the demo's desks.</summary>
internal sealed class DemoSeats(PortalProcess portal, TestCertificates certificates, CancellationToken cancellation)
{
    private const string Password = "Quiet river 4 stones";

    /// <summary>The people of another tenant, whom the first one's desk never shows.</summary>
    private static readonly string[] Bakers = ["bram", "fatima", "joost"];

    /// <summary>Domain of Corp whose passwords live in the portal.</summary>
    private const string CloudDomain = "cloud.test";

    private const string BakeryDomain = "bakkerij.test";

    public async Task<DemoDesk> DeskAsync(int corp)
    {
        var bakery = await portal.AddTenantAsync("Bakkerij", "+31 207654321", "helpdesk@bakkerij.example", cancellation);
        await portal.AddDomainAsync(BakeryDomain, bakery, "CloudOnly", cancellation);
        foreach (var baker in Bakers)
        {
            await portal.AddUserAsync($"{baker}@{BakeryDomain}", cancellation);
        }

        return new(
            $"{portal.Address}/sign-in",
            await SeatAsync("admin", corp, Role.Administrator),
            await SeatAsync("admin2", corp, Role.Administrator),
            await SeatAsync("helpdesk", corp, Role.Helpdesk),
            await SeatAsync("reader", corp, Role.ReportsReader),
            await SeatAsync("admin", bakery, Role.Administrator)
        );
    }

    public async Task<DemoAccount> CloudAsync(int corp)
    {
        await portal.AddDomainAsync(CloudDomain, corp, "CloudOnly", cancellation);
        var (upn, mail) = ($"chris@{CloudDomain}", "chris@private.example");
        var seat = await SeatAsync(upn, corp, Role.User);
        await portal.SetAlternateMailAsync(upn, mail, cancellation);
        return new(seat.Upn, null, seat.Password, mail);
    }

    public async Task<DemoAccount> NewAsync(int corp)
    {
        var seat = await SeatAsync($"nora@{CloudDomain}", corp, Role.User);
        return new(seat.Upn, null, seat.Password, "");
    }

    private async Task<DemoSeat> SeatAsync(string name, int tenant, Role role)
    {
        var link = await portal.InviteAsync(name, tenant, role.ToString(), cancellation);
        using var browser = new Person(certificates.CreateClient(portal.Origin, keepsCookies: false));
        var (secret, _) = await DeskPerson.FollowAsync(browser, link.AbsolutePath, Password, TimeProvider.System);
        return new(
            name.Contains('@', StringComparison.Ordinal) ? name : $"{name}@desk-{tenant}.{portal.Origin.IdnHost}",
            Password,
            secret.Length == 0 ? null : Base32Encoding.ToString(secret)
        );
    }
}
