using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Authenticators.Apps;
using PortalApp.SignIn;
using PortalApp.SignIn.Invitations;
using PortalApp.SignIn.Providers;
using PortalApp.SignIn.SecondFactor;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;

namespace PortalApp.Tests.SignIn.Providers;

/// <summary>Signing in at a real OpenID Connect provider in a process of its own.</summary>
public sealed class ProviderSignInTests(ProviderFixture providers) : IClassFixture<ProviderFixture>
{
    [Fact]
    public async Task Somebody_of_the_domain_is_signed_in_and_linked_once()
    {
        await using var portal = await providers.StartPortalAsync();
        using var anna = portal.NewPerson();

        Assert.Equal("/account?from=there", (await anna.SignInAtAsync(providers.Provider, "anna", wanted: "/account?from=there")).Location);
        Assert.True(await anna.IsInAsync());
        using var again = portal.NewPerson();
        Assert.Equal(SignInPaths.Account, (await again.SignInAtAsync(providers.Provider, "anna")).Location);

        Assert.Single(await LinksAsync(portal));
        var audit = await portal.WithDbAsync(db => db.Set<AuditEntry>().AsNoTracking().ToListAsync());
        Assert.Equal(2, audit.Count(a => a.Event == AuditEventId.SignedIn && a.Detail == $"by {providers.Provider.Issuer}"));
        Assert.Single(audit, a => a.Event == AuditEventId.UserChanged && a.Detail!.Contains("linked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_was_linked_stays_it_whatever_name_the_provider_gives_later()
    {
        await using var portal = await providers.StartPortalAsync();
        using var anna = portal.NewPerson();
        await anna.SignInAtAsync(providers.Provider, "anna");
        using var renamed = portal.NewPerson();

        Assert.Equal(SignInPaths.Account, (await renamed.SignInAtAsync(providers.Provider, "anna, with another name now")).Location);
        using var asBen = portal.NewPerson();
        Assert.Equal(Other, (await asBen.SignInAtAsync(providers.Provider, "anna, with another name now", "ben@corp.test")).Location);
        using var recycled = portal.NewPerson();
        Assert.Equal(Other, (await recycled.SignInAtAsync(providers.Provider, "another account with anna's name")).Location);
        Assert.False(await asBen.IsInAsync());
        Assert.False(await recycled.IsInAsync());
        Assert.Single(await LinksAsync(portal));
    }

    [Theory]
    [InlineData("of another domain", "dora@second.test")]
    [InlineData("of another domain", "anna@corp.test")]
    [InlineData("of another tenant", "anna@corp.test")]
    [InlineData("unknown here", "nobody@corp.test")]
    [InlineData("without a name", "anna@corp.test")]
    [InlineData("ben", "anna@corp.test")]
    public async Task Nobody_else_is_signed_in_linked_or_made(string account, string typed)
    {
        await using var portal = await providers.StartPortalAsync();
        var people = await portal.WithDbAsync(db => db.Set<User>().CountAsync());
        using var person = portal.NewPerson();

        if (typed == "dora@second.test")
        {
            // Of another domain of the tenant, which has no provider: there is nothing to be sent to.
            Assert.DoesNotContain("Refresh", (await person.TypeNameAsync(typed)).Headers.Keys);
            return;
        }

        Assert.Equal(Other, (await person.SignInAtAsync(providers.Provider, account, typed)).Location);
        Assert.False(await person.IsInAsync());
        Assert.Empty(await LinksAsync(portal));
        Assert.Equal(people, await portal.WithDbAsync(db => db.Set<User>().CountAsync()));
        Assert.Contains("does not belong to that user ID here", (await person.GetAsync(Other)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_account_in_two_tenants_is_two_people()
    {
        await using var portal = await providers.StartPortalAsync();
        var bakery = await portal.WithDbAsync(db => db.Set<Domain>().SingleAsync(d => d.Name == "bakery.test"));
        Assert.IsType<ChangeOutcome<DomainProvider>.Done>(
            await portal.SetProviderAsync(
                providers.Provider.Issuer,
                "bakery.test",
                new()
                {
                    Id = bakery.Tenant,
                    Name = "",
                    HelpdeskPhone = "",
                }
            )
        );
        using var anna = portal.NewPerson();
        await anna.SignInAtAsync(providers.Provider, "anna");
        using var carl = portal.NewPerson();

        Assert.Equal(Other, (await carl.SignInAtAsync(providers.Provider, "anna", "carl@bakery.test")).Location);
        Assert.Equal(SignInPaths.Account, (await carl.SignInAtAsync(providers.Provider, "of another tenant", "carl@bakery.test")).Location);
        Assert.Equal(2, (await LinksAsync(portal)).Select(l => l.Tenant).Distinct().Count());
    }

    [Fact]
    [Trait("Case", "H1")]
    public async Task A_name_without_an_account_is_sent_to_the_provider_alike()
    {
        await using var portal = await providers.StartPortalAsync();
        using var anna = portal.NewPerson();
        using var nobody = portal.NewPerson();

        var (real, decoy) = (await anna.TypeNameAsync("anna@corp.test"), await nobody.TypeNameAsync("anne@corp.test"));

        Assert.Equal(Plain(real, "anna"), Plain(decoy, "anne"));

        static string Plain(Answer page, string name)
        {
            var leads = page.Leads();
            string[] random = [leads.Of("state"), leads.Of("nonce"), leads.Of("code_challenge")];
            return random
                .Aggregate(page.Headers["Refresh"] + page.Text, (text, value) => text.Replace(value, "*", StringComparison.Ordinal))
                .Replace(name, "name", StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Case", "H47")]
    public async Task A_provider_sends_back_to_the_configured_origin_whatever_host_the_request_speaks_of()
    {
        await using var portal = await providers.StartPortalAsync();
        using var anna = portal.NewPerson();
        var own = (await anna.TypeNameAsync("anna@corp.test")).Leads().Of("redirect_uri");

        var page = await anna.GetAsync(
            SignInPaths.Provider,
            ("X-Forwarded-Host", "evil.example"),
            ("Forwarded", "host=evil.example;proto=http")
        );

        Assert.Equal("https://localhost" + SignInPaths.Returned, own);
        Assert.Equal(own, page.Leads().Of("redirect_uri"));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [Trait("Case", "H50")]
    public async Task An_address_to_return_to_off_this_site_is_not_followed(string wanted)
    {
        await using var portal = await providers.StartPortalAsync();
        using var anna = portal.NewPerson();

        Assert.Equal(SignInPaths.Account, (await anna.SignInAtAsync(providers.Provider, "anna", wanted: wanted)).Location);
    }

    [Fact]
    public async Task A_role_needs_the_second_factor_of_this_portal_too_and_sets_it_up_by_a_one_time_link()
    {
        await using var portal = await providers.StartPortalAsync();
        var link = await InviteAsync(portal, "anna@corp.test");
        using var anna = portal.NewPerson();
        Assert.Equal(SignInPaths.Verify, (await anna.SignInAtAsync(providers.Provider, "anna")).Location);
        Assert.Contains("A second proof is missing", (await anna.GetAsync(SignInPaths.Verify)).Text, StringComparison.Ordinal);
        Assert.False(await anna.IsInAsync());

        await anna.GetAsync(link);
        await anna.PostAsync(link, "welcome");
        Assert.Equal(SignInPaths.Provider, (await anna.GetAsync(SignInPaths.NewPassword)).Location);
        var back = await providers.Provider.SignInAsync((await anna.GetAsync(SignInPaths.Provider)).Leads(), "anna");
        Assert.Equal(SignInPaths.Authenticator, (await anna.GetAsync(back.PathAndQuery)).Location);
        var secret = await SetUpAuthenticatorAsync(portal, "anna@corp.test");

        using var again = portal.NewPerson();
        Assert.Equal(SignInPaths.Verify, (await again.SignInAtAsync(providers.Provider, "anna")).Location);
        await again.GetAsync(SignInPaths.Verify);
        var code = new OtpNet.Totp(secret).ComputeTotp(portal.Clock.GetUtcNow().UtcDateTime);
        Assert.Equal(SignInPaths.Desk, (await again.PostAsync(SignInPaths.Verify, "verify", ("code", code))).Location);
        Assert.True(await again.IsInAsync());
        var signedIn = await portal.WithDbAsync(db => db.Set<AuditEntry>().SingleAsync(a => a.Event == AuditEventId.SignedIn));
        Assert.Equal($"by {providers.Provider.Issuer}", signedIn.Detail);
    }

    [Fact]
    public async Task Who_is_gone_leaves_the_account_to_who_comes_back()
    {
        await using var portal = await providers.StartPortalAsync();
        using var anna = portal.NewPerson();
        await anna.SignInAtAsync(providers.Provider, "anna");
        var now = portal.Clock.GetUtcNow();
        await portal.WithDbAsync(db =>
            db.Set<User>()
                .Where(u => u.UserPrincipalName == "anna@corp.test")
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.GoneAt, now))
        );
        Assert.False(await anna.IsInAsync());
        using var before = portal.NewPerson();
        Assert.Equal(Other, (await before.SignInAtAsync(providers.Provider, "anna")).Location);
        await portal.WithDbAsync(async db =>
        {
            db.Add(
                new User
                {
                    Id = CloudAnchor.New().Value,
                    Tenant = portal.Tenant.Id,
                    Connector = SpokenAgent.Connector,
                    SourceAnchor = "anna-2",
                    UserPrincipalName = "anna@corp.test",
                }
            );
            return await db.SaveChangesAsync();
        });

        Assert.Equal(SignInPaths.Account, (await before.SignInAtAsync(providers.Provider, "anna")).Location);
        Assert.Single(await LinksAsync(portal));
    }

    private static string Other => ProviderPerson.FailedWith(ProviderFault.Other);

    private static async Task<string> InviteAsync(ResetPortal portal, string name)
    {
        var outcome = await portal.Services.ChangeAsync<string>(async db =>
        {
            var user = await db.Set<User>().SingleAsync(u => u.UserPrincipalName == name);
            user.Role = Role.Administrator;
            var invitations = portal.Services.GetRequiredService<InvitationStore>();
            return new ChangeOutcome<string>.Done(await invitations.InviteAsync(db, user, TenantSetup.By, default));
        });
        return new Uri(Assert.IsType<ChangeOutcome<string>.Done>(outcome).Value).AbsolutePath;
    }

    private static async Task<byte[]> SetUpAuthenticatorAsync(ResetPortal portal, string name)
    {
        var secret = Totp.NewSecret();
        // Of the step before, so that the one of now is still to be used.
        var typed = new OtpNet.Totp(secret).ComputeTotp(portal.Clock.GetUtcNow().UtcDateTime.AddSeconds(-30));
        await portal.WithDbAsync(async db =>
        {
            var user = await db.Set<User>().SingleAsync(u => u.UserPrincipalName == name);
            await portal.Services.GetRequiredService<SecondFactors>().SetUpAppAsync(db, user, secret, typed, default);
            return await db.SaveChangesAsync();
        });
        return secret;
    }

    private static Task<List<ProviderLink>> LinksAsync(ResetPortal portal) =>
        portal.WithDbAsync(db => db.Set<ProviderLink>().AsNoTracking().ToListAsync());
}
