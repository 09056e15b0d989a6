using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.SignIn;
using PortalApp.SignIn.Providers;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Providers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;

namespace PortalApp.Tests.SignIn.Providers;

/// <summary>Setting a domain's provider, and taking it away.</summary>
public sealed class ProviderStoreTests
{
    private static readonly Dictionary<string, (Action<LyingProvider> Lie, string Says)> Lies = new()
    {
        ["another issuer"] = (p => p.Metadata["issuer"] = "https://elsewhere.example", "name another issuer, https://elsewhere.example"),
        ["no issuer"] = (p => p.Metadata.Remove("issuer"), "name another issuer"),
        ["a script to sign in at"] = (p => p.Metadata["authorization_endpoint"] = "javascript:alert(1)", "authorization_endpoint"),
        ["a page without TLS"] = (p => p.Metadata["authorization_endpoint"] = "http://localhost/authorize", "authorization_endpoint"),
        ["tokens without TLS"] = (p => p.Metadata["token_endpoint"] = "http://localhost/token", "token_endpoint"),
        ["no address of tokens"] = (p => p.Metadata.Remove("token_endpoint"), "token_endpoint"),
        ["keys inside a network"] = (p => p.Metadata["jwks_uri"] = "https://169.254.169.254/keys", "169.254.169.254"),
        ["keys without TLS"] = (p => p.Metadata["jwks_uri"] = "http://localhost/keys", "no metadata of OpenID Connect"),
        ["no keys"] = (p => p.Metadata.Remove("jwks_uri"), "jwks_uri"),
        ["no metadata"] = (p => p.Metadata = new JsonObject { ["hello"] = "there" }, "name another issuer"),
        ["no JSON"] = (p => p.Instead = http => http.Response.WriteAsync("<html>"), "no metadata of OpenID Connect"),
        ["a redirect"] = (
            p =>
                p.Instead = http =>
                {
                    http.Response.Redirect("/keys");
                    return Task.CompletedTask;
                },
            "no metadata of OpenID Connect"
        ),
        ["an endless answer"] = (p => p.Instead = EndlessAsync, "no metadata of OpenID Connect"),
    };

    public static TheoryData<string> Names => [.. Lies.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_does_not_hold_is_a_sentence_and_nothing_is_set(string lie)
    {
        await using var world = await LyingWorld.StartAsync();
        Lies[lie].Lie(world.Provider);

        var wrong = Assert.IsType<ChangeOutcome<DomainProvider>.Wrong>(await world.Portal.SetProviderAsync(world.Provider.Issuer));

        Assert.Contains(Lies[lie].Says, Assert.Single(wrong.Errors).Sentence, StringComparison.Ordinal);
        Assert.Equal(nameof(ProviderChange.Issuer), wrong.Errors[0].Field);
        Assert.Empty(await RowsAsync(world.Portal));
    }

    [Theory]
    [InlineData("https://127.0.0.2/", "portal", "secret", "Outbound:Allowed")]
    [InlineData("https://10.0.0.7/adfs", "portal", "secret", "Outbound:Allowed")]
    [InlineData("http://localhost/adfs", "portal", "secret", "https address")]
    [InlineData("localhost", "portal", "secret", "https address")]
    [InlineData("https://localhost/adfs?a=b", "portal", "secret", "https address")]
    [InlineData("https://localhost/adfs#a", "portal", "secret", "https address")]
    [InlineData("https://anna:secret@localhost/adfs", "portal", "secret", "https address")]
    [InlineData("https://localhost/ad fs", "portal", "secret", "https address")]
    [InlineData("", "portal", "secret", "https address")]
    [InlineData("https://localhost/adfs", "", "secret", "visible")]
    [InlineData("https://localhost/adfs", "por\r\ntal", "secret", "visible")]
    [InlineData("https://localhost/adfs", "portal", "", "secret")]
    [InlineData("https://localhost/adfs", "portal", "two\nlines", "one line")]
    public async Task Bad_input_is_a_sentence_at_its_field(string issuer, string client, string secret, string says)
    {
        await using var world = await LyingWorld.StartAsync();

        var outcome = await world
            .Portal.Services.GetRequiredService<ProviderStore>()
            .SetAsync(world.Portal.Tenant.Id, "corp.test", new(issuer, client, secret), TenantSetup.By, default);

        Assert.Contains(
            Assert.IsType<ChangeOutcome<DomainProvider>.Wrong>(outcome).Errors,
            e => e.Sentence.Contains(says, StringComparison.Ordinal)
        );
        Assert.Empty(await RowsAsync(world.Portal));
    }

    [Fact]
    public async Task Only_a_federated_domain_of_the_tenant_has_a_provider()
    {
        await using var world = await LyingWorld.StartAsync();
        var other = await world.Portal.AddTenantAsync("Bakery", "bakery.test", PasswordManagement.Federated);
        await DeskPerson.InviteAsync(world.Portal, "eva", Role.User);

        Assert.IsType<ChangeOutcome<DomainProvider>.NotThere>(await world.Portal.SetProviderAsync(world.Provider.Issuer, "bakery.test"));
        Assert.IsType<ChangeOutcome<DomainProvider>.NotThere>(
            await world.Portal.SetProviderAsync(world.Provider.Issuer, "corp.test", other)
        );
        Assert.Contains(
            "only the people of a Federated domain",
            Assert
                .IsType<ChangeOutcome<DomainProvider>.Wrong>(await world.Portal.SetProviderAsync(world.Provider.Issuer, "cloud.test"))
                .Errors.Single()
                .Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_provider_is_kept_as_it_spells_itself_with_its_secret_wrapped_and_audited_without_it()
    {
        await using var world = await LyingWorld.StartAsync();
        world.Provider.Metadata["issuer"] = $"{world.Provider.Issuer}/";

        Assert.IsType<ChangeOutcome<DomainProvider>.Done>(
            await world.Portal.SetProviderAsync(world.Provider.Issuer, secret: "first secret")
        );
        Assert.IsType<ChangeOutcome<DomainProvider>.Done>(
            await world.Portal.SetProviderAsync(world.Provider.Issuer, secret: "second secret")
        );

        var row = Assert.Single(await RowsAsync(world.Portal));
        Assert.Equal($"{world.Provider.Issuer}/", row.Issuer);
        Assert.Equal("second secret", world.Portal.Services.GetRequiredService<ProviderStore>().SecretOf(row));
        var audit = await world.Portal.WithDbAsync(db => db.Set<AuditEntry>().Where(a => a.Detail!.Contains("provider of")).ToListAsync());
        Assert.Equal(2, audit.Count);
        Assert.All(audit, a => Assert.DoesNotContain("secret", a.Detail, StringComparison.Ordinal));
        Assert.DoesNotContain("first secret", world.Portal.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_master_key_wraps_the_secret_anew()
    {
        await using var world = await LyingWorld.WithProviderAsync();
        var master = world.Portal.Services.GetRequiredService<MasterKey>();
        master.AddNext();

        Assert.Equal(1, await world.Portal.WithDbAsync(db => ProviderStore.RewrapAsync(db, master, default)));
        Assert.Equal(0, await world.Portal.WithDbAsync(db => ProviderStore.RewrapAsync(db, master, default)));
        var row = Assert.Single(await RowsAsync(world.Portal));
        Assert.Equal(master.Number, row.KeyNumber);
        Assert.Equal(ProviderProcess.ClientSecret, world.Portal.Services.GetRequiredService<ProviderStore>().SecretOf(row));
    }

    [Fact]
    public async Task What_a_provider_calls_somebody_who_is_gone_is_forgotten()
    {
        await using var world = await LyingWorld.WithProviderAsync();
        using var anna = world.Portal.NewPerson();
        await anna.GetAsync(await world.BeginAsync(anna));
        var gone = world.Portal.Clock.GetUtcNow();
        var links = world.Portal.Services.GetServices<Retention>().Single(r => r.What.StartsWith("Accounts at", StringComparison.Ordinal));

        Assert.Equal(0, await world.Portal.WithDbAsync(db => links.DeleteAsync(db, gone.AddDays(1), default)));
        await world.Portal.WithDbAsync(db => db.Set<User>().ExecuteUpdateAsync(set => set.SetProperty(u => u.GoneAt, gone)));
        Assert.Equal(0, await world.Portal.WithDbAsync(db => links.DeleteAsync(db, gone, default)));
        Assert.Equal(1, await world.Portal.WithDbAsync(db => links.DeleteAsync(db, gone.AddDays(1), default)));
    }

    [Fact]
    public async Task A_provider_that_is_taken_away_is_asked_no_more_and_its_links_are_forgotten()
    {
        await using var world = await LyingWorld.StartAsync();
        var user = await world.Portal.AddUserAsync("anna", null);
        await world.Portal.SetProviderAsync(world.Provider.Issuer);
        await world.Portal.WithDbAsync(db =>
        {
            db.Add(
                new ProviderLink
                {
                    Tenant = user.Tenant,
                    Issuer = world.Provider.Issuer,
                    Subject = "subject-1",
                    UserId = user.Id,
                }
            );
            return db.SaveChangesAsync();
        });
        var store = world.Portal.Services.GetRequiredService<ProviderStore>();

        Assert.IsType<ChangeOutcome<Domain>.Done>(await store.RemoveAsync(world.Portal.Tenant.Id, "corp.test", TenantSetup.By, default));
        Assert.Empty(await RowsAsync(world.Portal));
        Assert.Empty(await world.Portal.WithDbAsync(db => db.Set<ProviderLink>().ToListAsync()));
        using var anna = world.Portal.NewPerson();
        Assert.DoesNotContain("Refresh", (await anna.TypeNameAsync("anna@corp.test")).Headers.Keys);
        Assert.IsType<ChangeOutcome<Domain>.Wrong>(await store.RemoveAsync(world.Portal.Tenant.Id, "corp.test", TenantSetup.By, default));
    }

    [Theory]
    [InlineData("anna@corp.test", true)]
    [InlineData("eva@cloud.test", false)]
    [InlineData("nobody@corp.test", false)]
    [InlineData(null, false)]
    public async Task A_name_links_in_the_providers_own_domain_alone(string? upn, bool links)
    {
        await using var world = await LyingWorld.WithProviderAsync();
        await DeskPerson.InviteAsync(world.Portal, "eva", Role.User);
        var store = world.Portal.Services.GetRequiredService<ProviderStore>();
        var provider = Assert.Single(await RowsAsync(world.Portal));

        var person = await world.Portal.WithDbAsync(db =>
            store.PersonAsync(db, provider, "subject-1", UserPrincipalName.TryParse(upn), TestContext.Current.CancellationToken)
        );

        Assert.Equal(links ? upn : null, person?.UserPrincipalName);
    }

    [Fact]
    public async Task A_person_whose_account_there_was_made_anew_is_unlinked_by_a_command_and_linked_again()
    {
        await using var world = await LyingWorld.WithProviderAsync();
        using var anna = world.Portal.NewPerson();
        await anna.GetAsync(await world.BeginAsync(anna));
        world.Provider.Claims["sub"] = "subject-2";
        Assert.Equal(ProviderPerson.FailedWith(ProviderFault.Other), (await anna.GetAsync(await world.BeginAsync(anna))).Location);
        var store = world.Portal.Services.GetRequiredService<ProviderStore>();
        var name = UserPrincipalName.TryParse("anna@corp.test")!;

        Assert.IsType<ChangeOutcome<User>.Done>(await UnlinkAsync());
        Assert.Equal(SignInPaths.Account, (await anna.GetAsync(await world.BeginAsync(anna))).Location);
        Assert.IsType<ChangeOutcome<User>.Done>(await UnlinkAsync());
        Assert.IsType<ChangeOutcome<User>.Wrong>(await UnlinkAsync());

        Task<ChangeOutcome<User>> UnlinkAsync() =>
            world.Portal.Services.ChangeAsync(db => store.UnlinkAsync(db, world.Portal.Tenant.Id, name, TenantSetup.By, default));
    }

    private static Task<List<DomainProvider>> RowsAsync(ResetPortal portal) =>
        portal.WithDbAsync(db => db.Set<DomainProvider>().AsNoTracking().ToListAsync());

    private static async Task EndlessAsync(HttpContext http)
    {
        var piece = new byte[8192];
        while (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.Body.WriteAsync(piece, http.RequestAborted);
        }
    }
}
