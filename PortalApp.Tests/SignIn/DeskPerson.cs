using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpNet;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.SignIn;
using PortalApp.SignIn.Invitations;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;

namespace PortalApp.Tests.SignIn;

/// <summary>Somebody with an account of the portal's own, and a browser.</summary>
internal sealed partial class DeskPerson : IDisposable
{
    public const string Password = "correct horse battery 7";
    private readonly ResetPortal portal;

    private DeskPerson(ResetPortal portal, string name) => (this.portal, Name, Browser) = (portal, name, portal.NewPerson());

    public string Name { get; }
    public Person Browser { get; private set; }

    /// <summary>Of the authenticator app.</summary>
    public byte[] Secret { get; private set; } = [];
    public IReadOnlyList<string> RecoveryCodes { get; private set; } = [];

    /// <summary>As the app shows it at this moment.</summary>
    public string Code => new OtpNet.Totp(Secret).ComputeTotp(portal.Clock.GetUtcNow().UtcDateTime);

    /// <summary>In the domain <c>cloud.test</c>, which is made with the first; nothing is set up.</summary>
    public static async Task<(User User, string Link)> InviteAsync(ResetPortal portal, string name, Role role)
    {
        var link = "";
        var outcome = await portal
            .Services.GetRequiredService<IDbContextFactory<PortalApp.Data.PortalDb>>()
            .ChangeAsync<User>(
                async db =>
                {
                    if (!await db.Set<Domain>().AnyAsync(d => d.Name == "cloud.test"))
                    {
                        await portal
                            .Services.GetRequiredService<DomainStore>()
                            .AddAsync(db, portal.Tenant.Id, "cloud.test", PasswordManagement.CloudOnly, TenantSetup.By, default);
                        await db.SaveChangesAsync();
                    }

                    var users = portal.Services.GetRequiredService<UserStore>();
                    var added = await users.AddAsync(
                        db,
                        portal.Tenant.Id,
                        UserPrincipalName.TryParse($"{name}@cloud.test")!,
                        TenantSetup.By,
                        default
                    );
                    var user = Assert.IsType<ChangeOutcome<User>.Done>(added).Value;
                    await db.SaveChangesAsync();
                    await users.SetRoleAsync(db, portal.Tenant.Id, user.Id, role, TenantSetup.By, default);
                    link = await portal.Services.GetRequiredService<InvitationStore>().InviteAsync(db, user, TenantSetup.By, default);
                    return new ChangeOutcome<User>.Done(user);
                },
                default
            );
        return (((ChangeOutcome<User>.Done)outcome).Value, new Uri(link).AbsolutePath);
    }

    /// <summary>Invited, and everything set up; signed in.</summary>
    public static async Task<DeskPerson> SetUpAsync(ResetPortal portal, string name, Role role)
    {
        var (_, link) = await InviteAsync(portal, name, role);
        var person = new DeskPerson(portal, $"{name}@cloud.test");
        (person.Secret, person.RecoveryCodes) = await FollowAsync(person.Browser, link, Password, portal.Clock);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        return person;
    }

    /// <summary>Sets up all that the link's pages ask for.</summary>
    /// <returns>The authenticator's secret and the recovery codes; empty for who needs none.</returns>
    public static async Task<(byte[] Secret, IReadOnlyList<string> RecoveryCodes)> FollowAsync(
        Person browser,
        string link,
        string password,
        TimeProvider clock
    )
    {
        await browser.GetAsync(link);
        await browser.PostAsync(link, "welcome");
        await browser.GetAsync(SignInPaths.NewPassword);
        var set = await browser.PostAsync(SignInPaths.NewPassword, "new-password", ("password", password), ("confirm", password));
        if (set.Location != SignInPaths.Authenticator)
        {
            return ([], []);
        }

        var page = await browser.GetAsync(SignInPaths.Authenticator);
        var secret = Base32Encoding.ToBytes(KeyOnPage().Match(page.Text).Groups["key"].Value.Replace(" ", "", StringComparison.Ordinal));
        var code = new OtpNet.Totp(secret).ComputeTotp(clock.GetUtcNow().UtcDateTime);
        var codes = await browser.PostAsync(SignInPaths.Authenticator, "authenticator", ("code", code));
        return (secret, [.. CodeOnPage().Matches(codes.Text).Select(m => m.Groups["code"].Value)]);
    }

    /// <summary>In a browser of its own that was never seen.</summary>
    public void TakeAnotherBrowser() => Browser = portal.NewPerson();

    public void TakeBrowser(Person browser) => Browser = browser;

    public async Task<Answer> TypePasswordAsync(string password = Password, string? name = null, string? wanted = null)
    {
        await Browser.GetAsync(wanted is null ? SignInPaths.Begin : $"{SignInPaths.Begin}?return={Uri.EscapeDataString(wanted)}");
        await Browser.PostAsync(SignInPaths.Begin, "sign-in", ("username", name ?? Name), ("return", wanted ?? ""));
        return await TypePasswordAgainAsync(password);
    }

    /// <summary>On the page that asks for it, with its captcha where there is one.</summary>
    public async Task<Answer> TypePasswordAgainAsync(string password, bool solve = true)
    {
        var page = await Browser.GetAsync(SignInPaths.Password);
        (string, string)[] captcha =
            solve && page.Html.Contains("altcha-widget", StringComparison.Ordinal)
                ? [("altcha", await CaptchaSolver.SolveAsync(portal.NewClient(), default))]
                : [];
        return await Browser.PostAsync(SignInPaths.Password, "password", [("password", password), .. captcha]);
    }

    public async Task<Answer> TypeCodeAsync(string code)
    {
        await Browser.GetAsync(SignInPaths.Verify);
        return await Browser.PostAsync(SignInPaths.Verify, "verify", ("code", code));
    }

    /// <summary>As an administrator sets it.</summary>
    public Task SetMailAsync(string address) =>
        portal
            .Services.GetRequiredService<IDbContextFactory<PortalApp.Data.PortalDb>>()
            .ChangeAsync<User>(
                async db =>
                {
                    var user = await db.Set<User>().SingleAsync(u => u.UserPrincipalName == Name);
                    var store = portal.Services.GetRequiredService<UserStore>();
                    return await store.SetAsync(
                        db,
                        user.Tenant,
                        user.Id,
                        new([address], null, null, null, null),
                        TenantSetup.By,
                        null,
                        default
                    );
                },
                default
            );

    /// <returns>Whether the account's page is there.</returns>
    public async Task<bool> IsInAsync() =>
        (await Browser.GetAsync(SignInPaths.Account)).Text.Contains("You are signed in as", StringComparison.Ordinal);

    public void Dispose() => Browser.Dispose();

    [GeneratedRegex("<code>(?<key>[A-Z2-7 ]+)</code>", RegexOptions.ExplicitCapture)]
    private static partial Regex KeyOnPage();

    [GeneratedRegex("<li>(?<code>[0-9a-z-]{19})</li>", RegexOptions.ExplicitCapture)]
    private static partial Regex CodeOnPage();
}

internal static class DeskTabs
{
    /// <summary>Takes the session of somebody who is signed in over to this browser.</summary>
    public static Task SignInAsync(this BrowserTab tab, DeskPerson person, Uri portal) =>
        tab.Page.Context.AddCookiesAsync([SessionOf(person.Browser, portal)]);

    public static Microsoft.Playwright.Cookie SessionOf(Person browser, Uri portal) =>
        new()
        {
            Name = "__Host-session",
            Value = browser.Cookies["__Host-session"],
            Url = portal.AbsoluteUri,
            Secure = true,
            HttpOnly = true,
            SameSite = Microsoft.Playwright.SameSiteAttribute.Strict,
        };
}
