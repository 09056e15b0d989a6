using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.SignIn;
using PortalApp.SignIn.Providers;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Providers;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.SignIn.Providers;

/// <summary>Somebody on the way to a provider and back.</summary>
internal static class ProviderPerson
{
    public static Task<ChangeOutcome<DomainProvider>> SetProviderAsync(
        this ResetPortal portal,
        string issuer,
        string domain = "corp.test",
        Tenant? tenant = null,
        string secret = ProviderProcess.ClientSecret
    ) =>
        portal
            .Services.GetRequiredService<ProviderStore>()
            .SetAsync((tenant ?? portal.Tenant).Id, domain, new(issuer, ProviderProcess.ClientId, secret), TenantSetup.By, default);

    /// <summary>Types a user ID, as far as the page that leads to the provider.</summary>
    public static async Task<Answer> TypeNameAsync(this Person person, string name, string? wanted = null)
    {
        await person.GetAsync(SignInPaths.Begin);
        await person.PostAsync(SignInPaths.Begin, "sign-in", ("username", name), ("return", wanted ?? ""));
        var guarded = await person.GetAsync(SignInPaths.Password);
        return guarded.Location is { } page ? await person.GetAsync(page) : guarded;
    }

    /// <summary>The provider's page that a page of the portal leads to.</summary>
    public static Uri Leads(this Answer page) => new(page.Headers["Refresh"].Split("url=")[1]);

    /// <summary>The value of a parameter of an address.</summary>
    public static string Of(this Uri address, string name) => QueryHelpers.ParseQuery(address.Query)[name].ToString();

    /// <summary>Types a user ID here, signs in there, and comes back.</summary>
    public static async Task<Answer> SignInAtAsync(
        this Person person,
        ProviderProcess provider,
        string account,
        string name = "anna@corp.test",
        string? wanted = null
    )
    {
        var page = await person.TypeNameAsync(name, wanted);
        var back = await provider.SignInAsync(page.Leads(), account);
        return await person.FollowLinkFromElsewhereAsync(back.PathAndQuery);
    }

    public static async Task<bool> IsInAsync(this Person person) =>
        (await person.GetAsync(SignInPaths.Account)).Text.Contains("You are signed in as", StringComparison.Ordinal);

    public static string FailedWith(ProviderFault fault) => $"{SignInPaths.Begin}?{ProviderEndpoint.Failed}={fault}";
}
