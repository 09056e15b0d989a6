using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Passwords;
using PortalApp.Relay;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Users;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>The real portal in this process, on a free port and a database of its own, with a clock that the test moves. Two may share one.</summary>
internal sealed class PortalHost : IAsyncDisposable
{
    public const string Origin = "https://portal.example";
    private readonly WebApplication app;
    private readonly bool ownsDatabase;
    private readonly List<TestAgent> agents = [];

    private PortalHost(WebApplication app, FakeTimeProvider clock, TestDatabase database, bool ownsDatabase, CapturedLog log)
    {
        Log = log;
        this.app = app;
        this.ownsDatabase = ownsDatabase;
        Clock = clock;
        Database = database;
        Http = Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        Http.BaseAddress = new Uri(RunningPortal.AddressOf(app));
    }

    public FakeTimeProvider Clock { get; }
    public CapturedLog Log { get; }
    public TestDatabase Database { get; }
    public string Folder => Database.Folder;
    public HttpClient Http { get; }
    public IServiceProvider Services => app.Services;

    /// <param name="beside">A portal whose database and clock this one shares.</param>
    public static async Task<PortalHost> StartAsync(Action<IServiceCollection>? services = null, PortalHost? beside = null)
    {
        var database = beside?.Database ?? await TestDatabase.NewAsync(Directory.CreateTempSubdirectory("portal").FullName);
        var clock = beside?.Clock ?? new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var log = new CapturedLog();
        var app = await RunningPortal.StartAsync(
            database.Folder,
            new Dictionary<string, string?>(database.Settings) { ["Portal:Origin"] = Origin, ["Urls"] = "https://127.0.0.1:0" },
            clock,
            log,
            builder =>
            {
                builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel =>
                    kestrel.Listen(System.Net.IPAddress.Loopback, 0)
                );
                builder.Services.AddHttpClient();
                services?.Invoke(builder.Services);
            }
        );
        return new PortalHost(app, clock, database, beside is null, log);
    }

    /// <summary>A domain whose passwords live in the portal alone.</summary>
    public Task<ChangeOutcome<Domain>> AddCloudDomainAsync(TenantId tenant, string name) =>
        Services.ChangeAsync(db =>
            Services.GetRequiredService<DomainStore>().AddAsync(db, tenant, name, PasswordManagement.CloudOnly, TenantSetup.By, default)
        );

    public async Task<TenantId> AddTenantAsync(params string[] domains) =>
        (
            await Services.AddTenantAsync(
                new($"Tenant of {domains[0]}", "+31 201234567", null, null),
                [.. domains.Select(domain => (domain, PasswordManagement.Federated))]
            )
        ).Id;

    public async Task<string> NewCodeAsync(TenantId tenant) =>
        (await Services.GetRequiredService<EnrolmentCodes>().IssueAsync(tenant, Actor.Operator("a test"), null, default)).Text;

    public Task<IReadOnlyList<EnrolledAgent>> AgentsOfAsync(TenantId tenant) =>
        Services.GetRequiredService<AgentStore>().ListAsync(tenant, default);

    public Task<bool> RevokeAsync(string agent) => Services.GetRequiredService<AgentStore>().RevokeAsync(agent, TenantSetup.By, default);

    /// <param name="commits">False undoes the transaction in which the request was added.</param>
    public async Task<RequestAdding> SendAsync(
        TenantId tenant,
        CloudAnchor anchor,
        RequestKind kind = RequestKind.Reset,
        bool commits = true
    )
    {
        var user = await UserAsync(tenant, anchor);
        return await Services.AskHomeAsync(
            (home, db) =>
                kind switch
                {
                    RequestKind.Check => home.CheckAsync(db, user, new(null, null), default),
                    RequestKind.Reset => home.SetAsync(db, user, NewPassword.TryCreate("Correct-Horse-1")!, new(null, null), default),
                    _ => throw new UnreachableException(),
                },
            commits
        );
    }

    private async Task<User> UserAsync(TenantId tenant, CloudAnchor anchor)
    {
        var user = new User
        {
            Id = anchor.Value,
            Tenant = tenant,
            Connector = AgentStates.Connector,
            SourceAnchor = anchor.Value,
            UserPrincipalName = $"{anchor.Value.ToLowerInvariant()}@corp.test",
        };
        try
        {
            await WithDbAsync(db =>
            {
                db.Add(user);
                return db.SaveChangesAsync();
            });
        }
        catch (DbUpdateException)
        {
            // Somebody added it before.
        }

        return user;
    }

    /// <summary>A request on its way, by its id.</summary>
    public async Task<string> SentAsync(TenantId tenant, RequestKind kind = RequestKind.Reset) =>
        Assert.IsType<RequestAdding.Added>(await SendAsync(tenant, CloudAnchor.New(), kind)).Id.Value;

    public Task<HealthAnswer> AskAsync(TenantId tenant, string connector = AgentStates.Connector) =>
        Services.GetRequiredService<WritebackHealth>().AskAsync(tenant, connector, default);

    public Task<HealthAnswer> AskOfDomainAsync(TenantId tenant, string domain) =>
        Services
            .GetRequiredService<OnPremisesHome>()
            .HealthAsync(
                new Domain
                {
                    Name = domain,
                    Tenant = tenant,
                    PasswordManagement = PasswordManagement.Federated,
                },
                default
            );

    public Task<User> AddUserAsync(TenantId tenant, string connector, string name) =>
        WithDbAsync(async db =>
        {
            var user = new User
            {
                Id = CloudAnchor.New().Value,
                Tenant = tenant,
                Connector = connector,
                SourceAnchor = Guid.CreateVersion7().ToString("D"),
                UserPrincipalName = name,
            };
            db.Add(user);
            await db.SaveChangesAsync();
            return user;
        });

    public Task<WritebackResult?> WaitAsync(TenantId tenant, string request, TimeSpan atMost) =>
        Services.GetRequiredService<RequestWatch>().WaitAsync(tenant, new RequestId(request), atMost, default);

    /// <summary>What stands on the row now.</summary>
    public Task<WritebackResult?> ResultAsync(TenantId tenant, string request) => WaitAsync(tenant, request, TimeSpan.Zero);

    /// <summary>As if the call had been let in the moment before: null when the statement itself does not grant.</summary>
    public Task<int?> ClaimPastTheDoorAsync(TenantId tenant, string agent, string request) =>
        Services.GetRequiredService<RequestStore>().ClaimAsync(tenant, agent, new RequestId(request), TestAgent.NewId(), default);

    /// <summary>The key ids that a request of this tenant is sealed for.</summary>
    public async Task<IReadOnlyList<string>> RecipientsAsync(TenantId tenant) =>
        [
            .. (await Services.GetRequiredService<AgentStore>().ActiveAsync(tenant, default))
                .RecipientsOf(AgentStates.Connector, RequestKind.Reset)
                .Select(r => r.Kid),
        ];

    /// <summary>Until an agent of the tenant is attached to the relay.</summary>
    public Task ReceiverAsync(TenantId tenant, string connector = AgentStates.Connector) =>
        Eventually.TrueAsync(
            () => Services.GetRequiredService<EmbeddedRelay>().HasReceiver(tenant, connector),
            TimeSpan.FromSeconds(10),
            "an agent at the relay"
        );

    /// <summary>An agent of another portal on the same database, as it comes to this one.</summary>
    public TestAgent Again(TestAgent agent) =>
        new(Http, Origin, Clock)
        {
            SigningKey = System.Security.Cryptography.ECDsa.Create(agent.SigningKey.ExportParameters(true)),
            Enrolment = agent.Enrolment,
        };

    public TestAgent NewAgent()
    {
        var agent = new TestAgent(Http, Origin, Clock);
        agents.Add(agent);
        return agent;
    }

    /// <summary>An agent that has said hello, and is ready for those connectors (none: the usual one).</summary>
    public async Task<TestAgent> EnrolAsync(TenantId tenant, params string[] connectors)
    {
        var agent = NewAgent();
        Assert.Equal(System.Net.HttpStatusCode.OK, await agent.EnrolAsync(await NewCodeAsync(tenant)));
        agent.State = AgentStates.Ready(Clock.GetUtcNow(), connectors.Length > 0 ? connectors : [AgentStates.Connector]);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await agent.HelloAsync()).Status);
        return agent;
    }

    public async Task<T> WithDbAsync<T>(Func<PortalDb, Task<T>> work)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        return await work(db);
    }

    public Task<List<AuditEntry>> AuditAsync(AuditEventId id) =>
        WithDbAsync(db => db.Set<AuditEntry>().AsNoTracking().Where(a => a.Event == id).ToListAsync());

    public Task<Request> RowAsync(string id) => WithDbAsync(db => db.Set<Request>().AsNoTracking().SingleAsync(r => r.Id == id));

    public Task DeadlineAsync(string id, DateTimeOffset deadline) =>
        WithDbAsync(db => db.Set<Request>().Where(r => r.Id == id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Deadline, deadline)));

    public Task<List<Request>> RowsAsync() => WithDbAsync(db => db.Set<Request>().AsNoTracking().ToListAsync());

    public Task<List<User>> UsersAsync() =>
        WithDbAsync(db => db.Set<User>().AsNoTracking().Include(u => u.Contacts).OrderBy(u => u.UserPrincipalName).ToListAsync());

    /// <summary>Moves the clock and lets the background work of that time happen.</summary>
    public async Task PassAsync(TimeSpan time, Func<Task<bool>> until)
    {
        Clock.Advance(time);
        await Eventually.TrueAsync(
            async () =>
            {
                Clock.Advance(TimeSpan.FromMilliseconds(100));
                return await until();
            },
            TimeSpan.FromSeconds(20),
            "the portal's background work"
        );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in agents)
        {
            await agent.DisposeAsync();
        }

        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        if (ownsDatabase)
        {
            await Database.DisposeAsync();
            await Folders.DeleteAsync(Folder);
        }
    }
}
