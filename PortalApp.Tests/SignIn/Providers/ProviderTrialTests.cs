using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Secrets;
using PortalApp.SignIn;
using PortalApp.SignIn.Providers;
using PortalApp.SignIn.Sessions;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Providers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;

namespace PortalApp.Tests.SignIn.Providers;

/// <summary>A provider before it holds, tried by a real sign-in at a real one.</summary>
public sealed class ProviderTrialTests(ProviderFixture providers) : IClassFixture<ProviderFixture>
{
    [Fact]
    public async Task A_sign_in_there_changes_nothing_here_and_what_fits_is_made_to_hold()
    {
        await using var world = await TrialWorld.StartAsync(providers);
        var before = await world.CountAsync();

        Assert.Equal("/desk/domains/second.test/provider", (await world.ReturnAsync("of another domain")).Location);

        var trial = (await world.FindAsync())!;
        Assert.Equal((TrialResult.Fits, "dora@second.test"), (trial.Result, trial.Name));
        Assert.Equal(before, await world.CountAsync());
        Assert.Null(await world.HoldsAsync());
        var set = Assert.IsType<ChangeOutcome<DomainProvider>.Done>(await world.Trials.HoldAsync(trial, TenantSetup.By, default)).Value;
        Assert.Equal(ProviderProcess.ClientSecret, world.Providers.SecretOf(set));
        Assert.Equal(providers.Provider.Issuer, (await world.HoldsAsync())!.Issuer);
        Assert.Null(await world.FindAsync());
        using var dora = world.Portal.NewPerson();
        Assert.Equal(SignInPaths.Account, (await dora.SignInAtAsync(providers.Provider, "of another domain", "dora@second.test")).Location);
    }

    [Theory]
    [InlineData("anna", nameof(TrialResult.OtherDomain), "anna@corp.test")]
    [InlineData("of another tenant", nameof(TrialResult.OtherDomain), "carl@bakery.test")]
    [InlineData("without a name", nameof(TrialResult.NoName), null)]
    public async Task What_does_not_fit_is_told_and_cannot_be_made_to_hold(string account, string result, string? name)
    {
        await using var world = await TrialWorld.StartAsync(providers);

        await world.ReturnAsync(account);

        var trial = (await world.FindAsync())!;
        Assert.Equal((result, name), ($"{trial.Result}", trial.Name));
        Assert.IsType<ChangeOutcome<DomainProvider>.NotThere>(await world.Trials.HoldAsync(trial, TenantSetup.By, default));
        Assert.Null(await world.HoldsAsync());
    }

    [Fact]
    public async Task Another_account_there_may_be_tried_without_the_secret_again_and_an_answer_counts_once()
    {
        await using var world = await TrialWorld.StartAsync(providers);
        var answered = await world.ReturnAsync("unknown here");
        Assert.Equal("/desk/domains/second.test/provider", answered.Location);
        var first = (await world.FindAsync())!;

        await world.Trials.RepeatAsync(world.Me, first, default);
        Assert.Null((await world.FindAsync())!.Result);
        Assert.IsType<ChangeOutcome<DomainProvider>.NotThere>(await world.Trials.HoldAsync(first, TenantSetup.By, default));
        var back = await world.GoThereAsync("of another domain");
        await world.Admin.Browser.FollowLinkFromElsewhereAsync(back.PathAndQuery);
        Assert.Equal(
            ProviderPerson.FailedWith(ProviderFault.Over),
            (await world.Admin.Browser.FollowLinkFromElsewhereAsync(back.PathAndQuery)).Location
        );

        Assert.Equal(TrialResult.Fits, (await world.FindAsync())!.Result);
    }

    [Fact]
    public async Task Only_the_browser_of_who_tries_it_answers()
    {
        await using var world = await TrialWorld.StartAsync(providers);
        using var other = await DeskPerson.SetUpAsync(world.Portal, "other", Role.Administrator);
        using var nobody = world.Portal.NewPerson();
        var back = await world.GoThereAsync("of another domain");

        foreach (var person in new[] { other.Browser, nobody })
        {
            Assert.Equal(
                ProviderPerson.FailedWith(ProviderFault.Over),
                (await person.FollowLinkFromElsewhereAsync(back.PathAndQuery)).Location
            );
        }

        Assert.Null((await world.FindAsync())!.ReturnedAt);
    }

    [Fact]
    public async Task A_wrong_secret_is_told_as_such_and_an_hour_later_nothing_is_tried_any_more()
    {
        await using var world = await TrialWorld.StartAsync(providers, "another secret");

        await world.ReturnAsync("of another domain");

        Assert.Equal(TrialResult.ClientRefused, (await world.FindAsync())!.Result);
        world.Portal.Clock.Advance(ProviderTrials.Lifetime);
        Assert.Null(await world.FindAsync());
    }

    [Fact]
    [Trait("Case", "H104")]
    public async Task A_domain_of_another_tenant_has_no_page_and_is_not_tried()
    {
        await using var world = await TrialWorld.StartAsync(providers);

        var page = await world.Admin.Browser.GetAsync("/desk/domains/bakery.test/provider");
        var begun = await world.Trials.BeginAsync(
            world.Me.Tenant.Id,
            world.Me.User.Id,
            "bakery.test",
            new(providers.Provider.Issuer, ProviderProcess.ClientId, ProviderProcess.ClientSecret),
            default
        );

        Assert.Contains("No such domain on premises", page.Text, StringComparison.Ordinal);
        Assert.IsType<ChangeOutcome<ProviderTrial>.NotThere>(begun);
        Assert.Single(await world.Portal.WithDbAsync(db => db.Set<ProviderTrial>().ToListAsync()));
    }

    [Fact]
    public async Task What_an_operator_wrote_down_is_taken_up_by_an_administrator_and_holds_for_nobody_before()
    {
        await using var world = await TrialWorld.StartAsync(providers);
        var change = new ProviderChange(providers.Provider.Issuer, ProviderProcess.ClientId, ProviderProcess.ClientSecret);
        await world.Trials.BeginAsync(world.Portal.Tenant.Id, null, "second.test", change, default);
        var written = (await world.FindAsync())!;

        Assert.Null(written.UserId);
        Assert.IsType<ChangeOutcome<DomainProvider>.NotThere>(await world.Trials.HoldAsync(written, TenantSetup.By, default));
        await world.Trials.RepeatAsync(world.Me, written, default);
        await world.ReturnAsync("of another domain");
        Assert.IsType<ChangeOutcome<DomainProvider>.Done>(
            await world.Trials.HoldAsync((await world.FindAsync())!, TenantSetup.By, default)
        );
    }

    [Fact]
    public async Task With_another_master_key_a_provider_is_tried_anew()
    {
        await using var world = await TrialWorld.StartAsync(providers);
        var master = world.Portal.Services.GetRequiredService<MasterKey>();
        master.AddNext();

        await world.Portal.WithDbAsync(db => ProviderStore.RewrapAsync(db, master, default));

        Assert.Null(await world.FindAsync());
    }

    /// <summary>A provider on trial for <c>second.test</c>, where dora is.</summary>
    private sealed class TrialWorld : IAsyncDisposable
    {
        private readonly ProviderFixture fixture;

        private TrialWorld(ProviderFixture fixture, ResetPortal portal, DeskPerson admin, SignedIn me) =>
            (this.fixture, Portal, Admin, Me) = (fixture, portal, admin, me);

        public ResetPortal Portal { get; }
        public DeskPerson Admin { get; }
        public SignedIn Me { get; }
        public ProviderTrials Trials => Portal.Services.GetRequiredService<ProviderTrials>();
        public ProviderStore Providers => Portal.Services.GetRequiredService<ProviderStore>();

        public static async Task<TrialWorld> StartAsync(ProviderFixture fixture, string secret = ProviderProcess.ClientSecret)
        {
            var portal = await fixture.StartPortalAsync();
            var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
            // The provider is a real process, and the setting up of a second factor left this clock a minute ahead of it.
            portal.Clock.AdjustTime(TimeProvider.System.GetUtcNow());
            var user = await portal.WithDbAsync(db => db.Set<User>().SingleAsync(u => u.UserPrincipalName == admin.Name));
            var world = new TrialWorld(fixture, portal, admin, new(0, portal.Tenant, user, Role.Administrator, portal.Clock.GetUtcNow()));
            var begun = await world.Trials.BeginAsync(
                portal.Tenant.Id,
                user.Id,
                "second.test",
                new(fixture.Provider.Issuer, ProviderProcess.ClientId, secret),
                default
            );
            Assert.IsType<ChangeOutcome<ProviderTrial>.Done>(begun);
            return world;
        }

        public Task<ProviderTrial?> FindAsync() => Trials.FindAsync(Portal.Tenant.Id, "second.test", default);

        public Task<DomainProvider?> HoldsAsync() => Providers.FindAsync(Portal.Tenant.Id, "second.test", default);

        /// <summary>Signs in at the provider.</summary>
        /// <returns>Where it sends the browser.</returns>
        public async Task<Uri> GoThereAsync(string account) =>
            await fixture.Provider.SignInAsync((await Trials.AddressAsync((await FindAsync())!, default))!, account);

        public async Task<Answer> ReturnAsync(string account) =>
            await Admin.Browser.FollowLinkFromElsewhereAsync((await GoThereAsync(account)).PathAndQuery);

        public Task<(int, int, int)> CountAsync() =>
            Portal.WithDbAsync(async db =>
                (await db.Set<ProviderLink>().CountAsync(), await db.Set<Session>().CountAsync(), await db.Set<AuditEntry>().CountAsync())
            );

        public async ValueTask DisposeAsync()
        {
            Admin.Dispose();
            await Portal.DisposeAsync();
        }
    }
}
