using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contacts;
using Portal.DirectorySync;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.PasswordChange;
using PortalApp.Passwords;
using PortalApp.Passwords.Hashes;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Throttle;
using PortalApp.Users;
using PortalApp.Writeback;

namespace PortalApp.Tests.Passwords;

/// <summary>One person of a home, and an agent that the test speaks for.</summary>
internal sealed class HomeGround : IAsyncDisposable
{
    public const string Old = "Lantern-Harbour-77 of old";
    public const string Other = "Orange-Bicycle-1944 and a boat";
    public const string Third = "Purple-Kettle-2031 and a goat";
    private readonly PasswordManagement management;
    private readonly string attempt = TestAgent.NewId();
    private TestAgent agent = null!;
    private TenantId tenant;
    private int met;
    private int noticesBefore;

    private HomeGround(PortalHost portal, PasswordManagement management) => (Portal, this.management) = (portal, management);

    public PortalHost Portal { get; }
    public User Anna { get; private set; } = null!;

    /// <summary>The directory's <c>pwdLastSet</c> of <see cref="Old"/>.</summary>
    public DateTimeOffset SetAt { get; private set; }

    private UserPasswords Passwords => Portal.Services.GetRequiredService<UserPasswords>();

    public static async Task<HomeGround> StartAsync(PasswordManagement management)
    {
        var ground = new HomeGround(
            await PortalHost.StartAsync(services => services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 10_000)),
            management
        );
        var portal = ground.Portal;
        var tenant = await portal.Services.AddTenantAsync(new("Corp", "+31 201234567", null, null), ("home.test", management));
        ground.agent = await portal.EnrolAsync(tenant.Id);
        if (management != PasswordManagement.CloudOnly)
        {
            await ground.agent.ListenAsync(async request =>
            {
                if (request is WritebackRequest.Health)
                {
                    await ground.agent.ReportAsync(request.Id.Value, null, new WritebackResult.Healthy());
                }
            });
            await portal.ReceiverAsync(tenant.Id);
        }

        ground.tenant = tenant.Id;
        await ground.MeetAsync();
        return ground;
    }

    /// <summary>Somebody new, of whom nothing happened yet.</summary>
    public async Task MeetAsync()
    {
        SetAt = Portal.Clock.GetUtcNow() - TimeSpan.FromDays(3);
        noticesBefore = await CountAsync();
        var name = $"anna{met++}";
        var isCloud = management == PasswordManagement.CloudOnly;
        var hash = Passwords.HashOf(NewPassword.TryCreate(Old)!);
        Anna = await Portal.WithDbAsync(async db =>
        {
            var user = new User
            {
                Id = CloudAnchor.New().Value,
                Tenant = tenant,
                Connector = isCloud ? null : AgentStates.Connector,
                SourceAnchor = isCloud ? null : name,
                UserPrincipalName = $"{name}@home.test",
                DirectoryPasswordAt = isCloud ? null : SetAt,
            };
            string?[] mail = [$"{name}@gmail.example"];
            ContactStore.Write(user, ContactField.AlternateEmailAddresses, mail, ContactSource.Administrator, TenantSetup.By, default);
            db.Add(user);
            await db.SaveChangesAsync();
            if (isCloud)
            {
                await Passwords.SetAsync(db, tenant, user.Id, hash, default);
            }
            else if (management == PasswordManagement.PasswordHashSync)
            {
                await Passwords.SetOfDirectoryAsync(db, tenant, user.Id, hash, SetAt, default);
            }

            await db.SaveChangesAsync();
            return user;
        });
    }

    /// <param name="kind">A reset, an administrator's, or a change by the page's own step.</param>
    /// <param name="sends">False: the portal is killed after the commit.</param>
    /// <returns>The request's id.</returns>
    public async Task<string> AskAsync(RequestKind kind, string password = Other, string current = Old, bool sends = true)
    {
        Portal.Clock.Advance(TimeSpan.FromSeconds(1));
        if (kind == RequestKind.Change && sends)
        {
            var who = new Changer(await TenantAsync(), Anna, null, new(new("192.0.2.0/24"), Familiarity.Browser), "/change-password");
            var step = Portal.Services.GetRequiredService<ChangeStep>();
            return Assert.IsType<ChangeAnswer.Asked>(await step.ChangeAsync(who, current, password, password)).Request.Value;
        }

        await using var db = await Portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        await using var all = await db.Database.BeginTransactionAsync();
        var home = Portal.Services.GetRequiredService<PasswordHomes>().Of(management);
        var (typed, old) = (NewPassword.TryCreate(password)!, CurrentPassword.TryCreate(current)!);
        var origin = new RequestOrigin(null, null);
        var adding = kind switch
        {
            RequestKind.Change => await home.ChangeAsync(db, Anna, Anna.Id, old, typed, origin, default),
            RequestKind.AdministratorReset => await home.SetTemporaryAsync(
                db,
                Anna,
                typed,
                mustChange: true,
                origin with
                {
                    Initiator = Anna.Id,
                },
                default
            ),
            _ => await home.SetAsync(db, Anna, typed, origin, default),
        };
        var added = Assert.IsType<RequestAdding.Added>(adding);
        if (kind == RequestKind.Change)
        {
            db.Add(ChangeOf(added.Id.Value));
            await db.SaveChangesAsync();
        }

        await all.CommitAsync();
        if (sends)
        {
            Assert.True(await added.Send());
        }

        return added.Id.Value;
    }

    public async Task ClaimAsync(string request) => Assert.True((await agent.ClaimAsync(request, attempt)).Granted);

    /// <param name="by">The portal that hears it; null for this one.</param>
    public async Task SayAsync(string request, WritebackResult result, PortalHost? by = null) =>
        Assert.True(await (by is null ? agent : by.Again(agent)).ReportAsync(request, attempt, result));

    public async Task<string> AppliedAsync(RequestKind kind, string password, DateTimeOffset? setAt)
    {
        var request = await AskAsync(kind, password);
        await ClaimAsync(request);
        await SayAsync(request, new WritebackResult.Applied(false) { SetAt = setAt });
        return request;
    }

    /// <summary>Until the sweep has ended it, or its silence, and it is told.</summary>
    public Task PassAsync(string request, TimeSpan time) =>
        Portal.PassAsync(time, async () => await Portal.RowAsync(request) is { Result: not null, TellAt: null });

    public Task<int> SyncedAsync(DateTimeOffset? setAt, AccountShut shut = default, DateTimeOffset? endsAt = null) =>
        Portal.WithDbAsync(db =>
            db.Set<User>()
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(u => u.DirectoryPasswordAt, setAt)
                        .SetProperty(u => u.Shut, shut)
                        .SetProperty(u => u.AccountEndsAt, endsAt)
                )
        );

    /// <summary>Whether it signs in by what the portal holds, without the directory.</summary>
    public async Task<bool> SignsInAsync(string password)
    {
        var typed = CurrentPassword.TryCreate(password)!;
        var now = await Portal.WithDbAsync(db => db.Set<User>().AsNoTracking().SingleAsync(u => u.Id == Anna.Id));
        return management == PasswordManagement.CloudOnly
            ? await Passwords.IsRightAsync(now.Id, typed, default)
            : await Passwords.IsRightAsOfDirectoryAsync(now, typed, default);
    }

    public Task FillAsync(string password, DateTimeOffset at) =>
        Passwords.FillAsync(Anna, CurrentPassword.TryCreate(password)!, at, default);

    public Task<List<AuditEventId>> EventsAsync(string request) =>
        Portal.WithDbAsync(db =>
            db.Set<AuditEntry>().Where(a => a.Request == request).OrderBy(a => a.Id).Select(a => a.Event).ToListAsync()
        );

    /// <summary>To that person alone.</summary>
    public async Task<int> NoticesAsync() => await CountAsync() - noticesBefore;

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    private Change ChangeOf(string request) =>
        new()
        {
            Request = request,
            Tenant = tenant,
            UserId = Anna.Id,
            Subject = Anna.Id,
            Language = "en",
            Network = "192.0.2.0/24",
            AskedAt = Portal.Clock.GetUtcNow(),
        };

    private Task<int> CountAsync() => Portal.WithDbAsync(db => db.Set<OutgoingMessage>().CountAsync());

    private async Task<Tenant> TenantAsync() => (await Portal.Services.GetRequiredService<TenantStore>().FindAsync(Anna.Tenant, default))!;
}
