using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Portal.Contacts;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Captcha;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Layout;
using PortalApp.PasswordReset;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Users;
using PortalApp.Writeback;

namespace PortalApp.Tests.PasswordReset;

/// <summary>The reset's pages over HTTPS on a real port and a real database, with a clock that the test moves and an agent that it speaks for.</summary>
internal sealed class ResetPortal : IAsyncDisposable
{
    public static readonly PasswordRules Rules = new(PolicySource.Domain, null, 12, true, 24, true, null, ["anna"]);

    private readonly WebApplication app;
    private readonly TestCertificates certificates;
    private readonly string folder;

    private ResetPortal(WebApplication app, TestCertificates certificates, string folder, FakeTimeProvider clock)
    {
        this.app = app;
        this.certificates = certificates;
        this.folder = folder;
        Clock = clock;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new Uri(address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
    }

    public FakeTimeProvider Clock { get; }
    public Uri Address { get; }
    public IServiceProvider Services => app.Services;
    public Tenant Tenant { get; private set; } = null!;

    /// <param name="routes">Endpoints of the test's own.</param>
    public static async Task<ResetPortal> StartAsync(Action<WebApplication>? routes = null)
    {
        var folder = Directory.CreateTempSubdirectory("reset").FullName;
        var portal = await StartAsync(folder, new(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero)), routes);
        portal.Tenant = await portal.AddTenantAsync("Corp Test", "corp.test", PasswordManagement.Federated);
        return portal;
    }

    /// <summary>The same database and clock in a new process, as far as a test can have one.</summary>
    public async Task<ResetPortal> RestartAsync()
    {
        await StopAsync();
        var next = await StartAsync(folder, Clock, null);
        next.Tenant = Tenant;
        return next;
    }

    /// <summary>Trusts the test's authority alone; keeps no cookies of its own, so that tabs can differ.</summary>
    public Person NewPerson()
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(certificates.AuthorityFile));
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = { CertificateChainPolicy = trust },
        };
        return new(this, new HttpClient(handler, disposeHandler: true) { BaseAddress = Address });
    }

    public async Task<Tenant> AddTenantAsync(string name, string domain, PasswordManagement management, bool enabled = true)
    {
        var tenant = new Tenant
        {
            Name = name,
            HelpdeskPhone = "+31 201234567",
            HelpdeskEmail = "help@example.org",
            ResetEnabled = enabled,
            CreatedAt = Clock.GetUtcNow(),
        };
        await WithDbAsync(async db =>
        {
            db.Add(tenant);
            await db.SaveChangesAsync();
            db.Add(
                new Domain
                {
                    Name = domain,
                    Tenant = tenant.Id,
                    PasswordManagement = management,
                }
            );
            return await db.SaveChangesAsync();
        });
        return tenant;
    }

    public async Task<User> AddUserAsync(string name, string? mail, bool licensed = true, bool enabled = true)
    {
        var user = new User
        {
            Id = CloudAnchor.New().Value,
            Tenant = Tenant.Id,
            Connector = "forest",
            SourceAnchor = name,
            UserPrincipalName = $"{name}@corp.test",
            Licensed = licensed,
            Enabled = enabled,
        };
        if (mail is not null)
        {
            user.Contacts.Add(
                new ContactValue
                {
                    Tenant = Tenant.Id,
                    UserId = user.Id,
                    Field = ContactField.AlternateEmailAddresses,
                    Value = mail,
                    Source = ContactSource.Administrator,
                }
            );
        }

        await WithDbAsync(db =>
        {
            db.Add(user);
            return db.SaveChangesAsync();
        });
        return user;
    }

    /// <summary>Speaks for the agent about the newest request of a kind.</summary>
    public async Task AnswerAsync(RequestKind kind, WritebackResult result)
    {
        var row = await WithDbAsync(db => db.Set<RequestRow>().Where(r => r.Kind == kind).OrderByDescending(r => r.Issued).FirstAsync());
        await ResetGround.AnswerAsync(Services, row, result);
    }

    public Task<int> WritesAsync() => WithDbAsync(db => db.Set<RequestRow>().CountAsync(r => r.Kind == RequestKind.Reset));

    public async Task<IReadOnlyList<(string To, string Subject, string Text)>> MailsToAsync(string address) =>
        [.. (await ResetGround.MailsAsync(Services)).Where(m => m.To == address)];

    /// <summary>The eight digits of the newest code to an address.</summary>
    public async Task<string> CodeToAsync(string address) =>
        (await MailsToAsync(address))[^1]
            .Text.Split('\n')
            .Select(line => line.Trim())
            .First(line => line.Length == 8 && line.All(char.IsAsciiDigit));

    public async Task<T> WithDbAsync<T>(Func<PortalDb, Task<T>> work)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        return await work(db);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private async Task StopAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        certificates.Dispose();
    }

    private static async Task<ResetPortal> StartAsync(string folder, FakeTimeProvider clock, Action<WebApplication>? routes)
    {
        var certificates = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"));
        var server = certificates.Issue(folder, "portal", ["localhost"], [IPAddress.Loopback]);
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ApplicationName = "PortalApp", ContentRootPath = Path.Combine(Repository.Root, "PortalApp") }
        );
        builder.Logging.ClearProviders();
        builder.Configuration["Kestrel:Certificates:Default:Path"] = server.CertificateFile;
        builder.Configuration["Kestrel:Certificates:Default:KeyPath"] = server.KeyFile;
        builder.WebHost.UseUrls("https://127.0.0.1:0");
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddDataProtection().PersistKeysToFileSystem(new(Path.Combine(folder, "keys")));
        ResetGround.Add(builder, folder);
        builder.AddLayout();
        builder.AddGates();
        builder.AddCaptcha();
        builder.AddPasswordReset();
        var app = builder.Build();
        await using (var db = await app.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync())
        {
            await db.Database.EnsureCreatedAsync();
        }

        ResetGround.Started(app.Services);
        app.UseLayout();
        app.UsePasswordReset();
        app.MapCaptcha();
        app.MapPages();
        routes?.Invoke(app);
        await app.StartAsync();
        return new ResetPortal(app, certificates, folder, clock);
    }
}
