using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Contacts;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Notifications;
using PortalApp.PasswordReset.Flows;
using PortalApp.Policy;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Throttle;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.PasswordReset;

/// <summary>The reset's pages over HTTPS on a real port and a real database, with a clock that begins now (the captcha in a browser has the machine's), that the test moves, and an agent that it speaks for.</summary>
internal sealed class ResetPortal : IAsyncDisposable
{
    public static readonly PasswordRules Rules = new(PolicySource.Domain, null, 12, true, 24, true, null, ["anna"]);

    /// <summary>A setting with which hashes are as slow as the portal's are.</summary>
    public const string SlowHashes = "Tests:SlowHashes";

    private readonly WebApplication app;
    private readonly TestCertificates certificates;
    private readonly TestDatabase database;
    private readonly IGate[] gates;

    private ResetPortal(
        WebApplication app,
        TestCertificates certificates,
        TestDatabase database,
        IGate[] gates,
        FakeTimeProvider clock,
        CapturedLog log
    )
    {
        Log = log;
        this.gates = gates;
        this.app = app;
        this.certificates = certificates;
        this.database = database;
        Clock = clock;
        Agent = new SpokenAgent(app.Services);
        Address = new Uri(RunningPortal.AddressOf(app).Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
    }

    public TestDatabase Database => database;
    public FakeTimeProvider Clock { get; }
    public CapturedLog Log { get; }
    public SpokenAgent Agent { get; }
    public Uri Address { get; }
    public IServiceProvider Services => app.Services;
    public Tenant Tenant { get; private set; } = null!;

    /// <param name="routes">Endpoints of the test's own.</param>
    /// <param name="gates">Beside the portal's own.</param>
    public static Task<ResetPortal> StartAsync(Action<WebApplication>? routes = null, params IGate[] gates) =>
        StartAsync([], routes, gates);

    /// <param name="settings">What differs from the usual.</param>
    public static async Task<ResetPortal> StartAsync(
        Dictionary<string, string?> settings,
        Action<WebApplication>? routes = null,
        params IGate[] gates
    )
    {
        var folder = Directory.CreateTempSubdirectory("reset").FullName;
        var database = await TestDatabase.NewAsync(Path.Combine(folder, "data"));
        var portal = await StartAsync(database, new(TimeProvider.System.GetUtcNow()), routes, gates, settings);
        portal.Tenant = await portal.AddTenantAsync("Corp Test", "corp.test", PasswordManagement.Federated);
        return portal;
    }

    /// <summary>The same database and clock in a new process, as far as a test can have one.</summary>
    public async Task<ResetPortal> RestartAsync()
    {
        await StopAsync();
        return await BesideAsync();
    }

    /// <summary>A second portal on the same database and clock; it is stopped before this one is disposed.</summary>
    public async Task<ResetPortal> BesideAsync()
    {
        var next = await StartAsync(database, Clock, null, gates);
        next.Tenant = Tenant;
        await next.Agent.ListenAsync(next.Address, next.certificates.AuthorityFile, Tenant.Id);
        return next;
    }

    public X509ChainPolicy Trust => certificates.Trust;

    public string AuthorityFile => certificates.AuthorityFile;

    public HttpClient NewClient() => certificates.CreateClient(Address);

    /// <summary>Keeps no cookies of its own, so that tabs can differ.</summary>
    public Person NewPerson(IPAddress? from = null) => new(certificates.CreateClient(Address, keepsCookies: false, from));

    public HttpClient NewPersonsClient() => certificates.CreateClient(Address, keepsCookies: false);

    public async Task<Tenant> AddTenantAsync(string name, string domain, PasswordManagement management, bool enabled = true)
    {
        var tenant = await Services.AddTenantAsync(new(name, "+31 201234567", "help@example.org", enabled), (domain, management));
        await WithDbAsync(db =>
        {
            SpokenAgent.EnrolAt(db, tenant.Id, Clock.GetUtcNow());
            return db.SaveChangesAsync();
        });
        var every = PolicyTerms.First with { Methods = [.. Services.GetServices<IGate>().Select(g => g.Method)], QuestionsAlone = true };
        Assert.IsType<ChangeOutcome<PolicyVersion>.Done>(
            await Services.GetRequiredService<PolicyStore>().PublishAsync(tenant.Id, every, TenantSetup.By, over: 1, default)
        );
        await Agent.ListenAsync(Address, certificates.AuthorityFile, tenant.Id);
        return tenant;
    }

    public async Task<User> AddUserAsync(
        string name,
        string? mail,
        bool licensed = true,
        bool enabled = true,
        string? directoryMail = null,
        string? mobile = null,
        string? office = null
    )
    {
        var user = new User
        {
            Id = CloudAnchor.New().Value,
            Tenant = Tenant.Id,
            Connector = SpokenAgent.Connector,
            SourceAnchor = name,
            UserPrincipalName = $"{name}@corp.test",
            Licensed = licensed,
            ResetEnabled = enabled,
        };
        string?[] alternate = [mail];
        ContactStore.Write(user, ContactField.AlternateEmailAddresses, alternate, ContactSource.Administrator, TenantSetup.By, default);
        ContactStore.Write(user, ContactField.DirectoryMail, [directoryMail], ContactSource.Sync, TenantSetup.By, default);
        ContactStore.Write(user, ContactField.MobilePhone, [mobile], ContactSource.Sync, TenantSetup.By, default);
        ContactStore.Write(user, ContactField.PhoneNumber, [office], ContactSource.Sync, TenantSetup.By, default);
        await WithDbAsync(db =>
        {
            db.Add(user);
            return db.SaveChangesAsync();
        });
        return user;
    }

    public Task<PolicyVersion> PolicyAsync() => Services.GetRequiredService<PolicyStore>().HoldingAsync(Tenant.Id, default);

    /// <summary>As the tenant's next version, also with methods that nobody could publish yet.</summary>
    public Task<int> PublishAsync(Func<PolicyTerms, PolicyTerms> change) =>
        WithDbAsync(async db =>
        {
            var held = await PolicyAsync();
            db.Add(
                new PolicyVersion
                {
                    Tenant = Tenant.Id,
                    Number = held.Number + 1,
                    By = Actor.Portal,
                    At = Clock.GetUtcNow(),
                    List = held.List with { Default = change(held.Terms) },
                }
            );
            return await db.SaveChangesAsync();
        });

    /// <summary>From now on.</summary>
    public Task<int> RequireGatesAsync(int gates) => PublishAsync(terms => terms with { Gates = gates });

    /// <summary>To the form for the new password.</summary>
    public async Task<Answer> ReachPasswordAsync(Person person, string name, string mail)
    {
        await person.BeginAsync(name);
        await person.TypeCodeAsync(await CodeToAsync(mail));
        await AnswerAsync(RequestKind.Check, new WritebackResult.Settable(Rules));
        return await person.GetAsync(ResetPaths.Password);
    }

    public Task<bool> AnswerAsync(RequestKind kind, WritebackResult result) => Agent.SayAsync(kind, result);

    public Task<int> WritesAsync() => WithDbAsync(db => db.Set<Request>().CountAsync(r => r.Kind == RequestKind.Reset));

    /// <summary>Oldest first, once nothing waits to be sent any more.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> MailsToAsync(string address)
    {
        await Eventually.TrueAsync(
            async () => await WithDbAsync(db => db.Set<OutgoingMessage>().AllAsync(m => m.EndedAt != null)),
            TimeSpan.FromSeconds(20),
            "the mails to leave"
        );
        using var reader = NewPerson();
        var feed = await reader.GetAsync("/outbox/feed");
        return
        [
            .. JsonSerializer
                .Deserialize<OutboxMessage[]>(feed.Html, JsonSerializerOptions.Web)!
                .Where(m => m.To == address)
                .OrderBy(m => m.SentAt),
        ];
    }

    /// <summary>The eight digits of the newest code to an address or a phone.</summary>
    public async Task<string> CodeToAsync(string address) => (await MailsToAsync(address)).SelectMany(m => SentCodes.In(m.Text)).Last();

    /// <summary>Lets the clock go on until the page is there.</summary>
    public async Task<Answer> PumpAsync(Task<Answer> posted)
    {
        await Eventually.TrueAsync(
            () =>
            {
                if (!posted.IsCompleted)
                {
                    Clock.Advance(TimeSpan.FromMilliseconds(100));
                }

                return posted.IsCompleted;
            },
            TimeSpan.FromSeconds(30),
            "the answer to the post"
        );
        return await posted;
    }

    public async Task<T> WithDbAsync<T>(Func<PortalDb, Task<T>> work)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        return await work(db);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await database.DisposeAsync();
        await Folders.DeleteAsync(Path.GetDirectoryName(database.Folder)!);
    }

    public async Task StopAsync()
    {
        await Agent.DisposeAsync();
        await app.StopAsync();
        await app.DisposeAsync();
        certificates.Dispose();
    }

    private static async Task<ResetPortal> StartAsync(
        TestDatabase database,
        FakeTimeProvider clock,
        Action<WebApplication>? routes,
        IGate[] gates,
        Dictionary<string, string?>? settings = null
    )
    {
        var certificates = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"));
        var folder = Path.GetDirectoryName(database.Folder)!;
        var server = certificates.Issue(folder, "portal", ["localhost"], [IPAddress.Loopback]);
        var log = new CapturedLog();
        var app = await RunningPortal.StartAsync(
            folder,
            new Dictionary<string, string?>(database.Settings.Concat(settings ?? []))
            {
                ["Urls"] = settings?.GetValueOrDefault("Urls") ?? "https://127.0.0.1:0",
                ["Portal:Origin"] = settings?.GetValueOrDefault("Portal:Origin") ?? "https://localhost",
                ["Kestrel:Certificates:Default:Path"] = server.CertificateFile,
                ["Kestrel:Certificates:Default:KeyPath"] = server.KeyFile,
            },
            clock,
            log,
            builder =>
            {
                builder.Services.AddSingleton(Limits.Standard with { CaptchaRounds = 10 });
                if (settings?.ContainsKey(SlowHashes) != true)
                {
                    builder.Services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = 10);
                }

                Array.ForEach(gates, gate => builder.Services.AddSingleton(gate));
            },
            routes
        );
        return new ResetPortal(app, certificates, database, gates, clock, log);
    }
}
