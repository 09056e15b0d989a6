using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.SignIn.Passwords;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Tenants;

/// <summary>A domain is a tenant's from the moment in which its DNS says so; before, it is nobody's.</summary>
public class DomainClaimTests
{
    private static readonly Actor Anna = Actor.Operator("anna");

    [Fact]
    public async Task A_domain_that_is_claimed_signs_nobody_in_and_resets_nobody_until_its_dns_says_the_token()
    {
        await using var dns = new DnsTextServer();
        await using var portal = await ResetPortal.StartAsync(dns.Settings);
        var claims = portal.Services.GetRequiredService<DomainClaims>();
        var claim = await ClaimAsync(portal, portal.Tenant.Id, "Bücher.Example");
        Assert.Equal("_portal-domain.xn--bcher-kva.example", claim.RecordName);

        Assert.Null(await HomeAsync(portal, claim.Name));
        Assert.Contains("There is no TXT record", await WhyNotAsync(claims, portal.Tenant.Id, claim.Name), StringComparison.Ordinal);
        dns.Write(claim.RecordName, "portal-domain=somebody-elses");
        Assert.Contains("says something else", await WhyNotAsync(claims, portal.Tenant.Id, claim.Name), StringComparison.Ordinal);
        Assert.Null(await HomeAsync(portal, claim.Name));
        using var person = portal.NewPerson();
        Assert.DoesNotContain(portal.Tenant.Name, (await person.BeginAsync("anna@bücher.example")).Text, StringComparison.Ordinal);

        dns.Write(claim.RecordName, claim.RecordText);
        Assert.IsType<ChangeOutcome<Domain>.Done>(await claims.ProveAsync(portal.Tenant.Id, claim.Name, Anna, default));

        Assert.Equal(portal.Tenant.Id, await HomeAsync(portal, claim.Name));
        Assert.Empty(await claims.ListAsync(portal.Tenant.Id, default));
    }

    [Fact]
    [Trait("Case", "H104")]
    public async Task A_claim_keeps_no_other_tenant_from_the_domain_and_one_that_is_held_is_refused_without_a_word_of_whose_it_is()
    {
        await using var dns = new DnsTextServer();
        await using var portal = await ResetPortal.StartAsync(dns.Settings);
        var other = await portal.AddTenantAsync("Bakkerij", "bakkerij.test", PasswordManagement.Federated);
        var claims = portal.Services.GetRequiredService<DomainClaims>();
        var (squatted, owned) = (
            await ClaimAsync(portal, other.Id, "brood.example"),
            await ClaimAsync(portal, portal.Tenant.Id, "brood.example")
        );
        dns.Write(owned.RecordName, owned.RecordText);

        Assert.IsType<ChangeOutcome<Domain>.Wrong>(await claims.ProveAsync(other.Id, squatted.Name, Anna, default));
        Assert.IsType<ChangeOutcome<Domain>.Done>(await claims.ProveAsync(portal.Tenant.Id, owned.Name, Anna, default));
        dns.Write(owned.RecordName, squatted.RecordText);
        Assert.Contains("another organisation's", await WhyNotAsync(claims, other.Id, squatted.Name), StringComparison.Ordinal);

        var refused = await claims.AddAsync(portal.Tenant.Id, "bakkerij.test", PasswordManagement.Federated, Anna, default);
        var why = Assert.Single(Assert.IsType<ChangeOutcome<DomainClaim>.Wrong>(refused).Errors).Sentence;
        Assert.Contains("another organisation's", why, StringComparison.Ordinal);
        Assert.DoesNotContain("Bakkerij", why, StringComparison.Ordinal);
        Assert.Equal(portal.Tenant.Id, await HomeAsync(portal, owned.Name));
    }

    [Fact]
    public async Task A_resolver_that_does_not_answer_proves_nothing()
    {
        var settings = new Dictionary<string, string?> { ["Outbound:DnsServer"] = $"127.0.0.1:{Loopback.FreePort()}" };
        await using var portal = await ResetPortal.StartAsync(settings);
        var claim = await ClaimAsync(portal, portal.Tenant.Id, "silent.example");

        var why = await WhyNotAsync(portal.Services.GetRequiredService<DomainClaims>(), portal.Tenant.Id, claim.Name);

        Assert.Contains("did not answer", why, StringComparison.Ordinal);
        Assert.Null(await HomeAsync(portal, claim.Name));
    }

    [Fact]
    public async Task Passwords_that_live_elsewhere_from_now_on_are_forgotten_here_and_their_people_signed_out_but_never_whoever_does_it()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        var changes = portal.Services.GetRequiredService<PasswordManagementChange>();
        var user = await portal.WithDbAsync(db => db.Set<User>().SingleAsync(u => u.UserPrincipalName == admin.Name));
        var tenant = portal.Tenant.Id;
        Assert.Equal(new(1, 1), await changes.ConcernsAsync(tenant, "cloud.test", default));

        var own = await changes.SetAsync(tenant, "cloud.test", PasswordManagement.Federated, Actor.User(user.Id), null, default);
        Assert.IsType<ChangeOutcome<Domain>.Wrong>(own);
        Assert.True(await admin.IsInAsync());
        var stale = await changes.SetAsync(tenant, "cloud.test", PasswordManagement.Federated, Anna, PasswordManagement.Federated, default);
        Assert.IsType<ChangeOutcome<Domain>.Wrong>(stale);

        var done = await changes.SetAsync(tenant, "cloud.test", PasswordManagement.Federated, Anna, PasswordManagement.CloudOnly, default);

        Assert.IsType<ChangeOutcome<Domain>.Done>(done);
        Assert.False(await admin.IsInAsync());
        Assert.Equal(new(1, 0), await changes.ConcernsAsync(tenant, "cloud.test", default));
    }

    private static async Task<DomainClaim> ClaimAsync(ResetPortal portal, TenantId tenant, string name)
    {
        var claims = portal.Services.GetRequiredService<DomainClaims>();
        var outcome = await claims.AddAsync(tenant, name, PasswordManagement.Federated, Anna, default);
        return Assert.IsType<ChangeOutcome<DomainClaim>.Done>(outcome).Value;
    }

    private static async Task<string> WhyNotAsync(DomainClaims claims, TenantId tenant, string name)
    {
        var outcome = await claims.ProveAsync(tenant, name, Anna, default);
        return Assert.Single(Assert.IsType<ChangeOutcome<Domain>.Wrong>(outcome).Errors).Sentence;
    }

    private static async Task<TenantId?> HomeAsync(ResetPortal portal, string domain) =>
        (await portal.Services.GetRequiredService<TenantStore>().FindByDomainAsync(domain, default))?.Tenant.Id;
}
