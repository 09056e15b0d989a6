using System.Collections.Concurrent;
using System.Security.Cryptography;
using Agent;
using Agent.Directory;
using Agent.DirectorySync;
using Agent.DirectorySync.Links;
using Agent.Enrolment;
using Agent.Portal;
using Agent.Status;
using Agent.Store;
using Agent.Writeback;
using Agent.Writeback.Protection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Writeback;

/// <summary>
/// The agent's way from an opened request to a reported outcome, in this process, on a real forest; links are given by hand. Its folder outlives it,
/// so that a restart is another one on the same folder.
/// </summary>
internal sealed class AgentUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly ConcurrentDictionary<CloudAnchor, LinkSearch> links = new();

    public AgentUnderTest(
        AgentSetup setup,
        AgentPortal portal,
        string? folder = null,
        Func<AgentOptions, AgentOptions>? change = null,
        TimeProvider? clock = null
    )
    {
        Portal = portal;
        Setup = setup;
        Folder = folder ?? Repository.NewFolder("agent");
        var secret = Path.Combine(Folder, "bind.secret");
        File.WriteAllText(secret, Forest.AgentPassword + "\n");
        var options = new AgentOptions
        {
            Portal = "https://portal.test",
            Directory = new()
            {
                Connector = "corp.test",
                Servers = [setup.Forest.Address.ToString()],
                Port = setup.Forest.Ldaps.Port,
                Ca = setup.Forest.AuthorityFile,
                BaseDn = Forest.BaseDn,
                Scopes = setup.Scopes,
                BindName = setup.BindName,
                BindPasswordFile = secret,
            },
            Protected = setup.Protected,
            Limits = new() { SetsPerMinute = setup.SetsPerMinute, SetsPerAccountPerHour = setup.SetsPerAccountPerHour },
            Sync = new() { IntervalSeconds = setup.SyncSeconds },
        };
        services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Log))
            .AddSingleton(clock ?? TimeProvider.System)
            .AddSingleton(change?.Invoke(options) ?? options)
            .AddSingleton(new AgentFolder(Folder))
            .AddSingleton<IHttpClientFactory>(portal)
            .AddSingleton(NewIdentity())
            .AddSingleton<AgentStatus>()
            .AddSingleton<PortalClient>()
            .AddStore()
            .AddDirectory()
            .AddWriteback()
            .AddSingleton<IsFilled>(_ => HasFilled)
            .AddSingleton<ExplainLinks>(anchor => [new ExplainedLink("Cloud anchor", true, anchor.Value)])
            .AddSingleton<FindLink>(anchor => links.GetValueOrDefault(anchor) ?? new LinkSearch.Missing("cloud object"))
            .BuildServiceProvider();
    }

    public AgentSetup Setup { get; }

    /// <summary>Whether its connector space is filled.</summary>
    public bool HasFilled { get; set; } = true;

    public AgentPortal Portal { get; }

    public CapturedLog Log { get; } = new();

    public string Folder { get; }

    public WritebackHandler Handler => services.GetRequiredService<WritebackHandler>();

    public PortalClient Client => services.GetRequiredService<PortalClient>();

    public Recovery Recovery => services.GetRequiredService<Recovery>();

    public Journal Journal => services.GetRequiredService<Journal>();

    public CheckExplanation Explanation => services.GetRequiredService<CheckExplanation>();

    public AgentStatus Status => services.GetRequiredService<AgentStatus>();

    public ProtectedWatch Watch => services.GetServices<IHostedService>().OfType<ProtectedWatch>().Single();

    public DirectoryConnector Directory => services.GetRequiredService<DirectoryConnector>();

    public CloudAnchor Link(LinkSearch link)
    {
        var anchor = CloudAnchor.New();
        links[anchor] = link;
        return anchor;
    }

    public CloudAnchor Link(string dn) => Link(new LinkSearch.Found("corp.test", Setup.Forest.Admin.ObjectGuid(dn)));

    public static RequestHeader Header()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new(RequestId.New(), new TenantId(1), now, now + TimeSpan.FromSeconds(60));
    }

    public static WritebackRequest.Health Health() => new(Header());

    public static WritebackRequest.Check Check(CloudAnchor anchor) => new(Header(), anchor);

    public static WritebackRequest.Reset Reset(CloudAnchor anchor, string password) =>
        new(Header(), anchor, NewPassword.TryCreate(password)!);

    public static WritebackRequest.Unlock Unlock(CloudAnchor anchor) => new(Header(), anchor);

    public static WritebackRequest.Verify Verify(CloudAnchor anchor, string password) =>
        new(Header(), anchor, CurrentPassword.TryCreate(password)!);

    public static WritebackRequest.Change Change(CloudAnchor anchor, string current, string password) =>
        new(Header(), anchor, CurrentPassword.TryCreate(current)!, NewPassword.TryCreate(password)!);

    public Task<WritebackResult> ChangeAsync(string dn, string current, string password) => SendAsync(Change(Link(dn), current, password));

    public Task<WritebackResult> VerifyAsync(string dn, string password) => SendAsync(Verify(Link(dn), password));

    public Task<WritebackResult> ResetAsync(string dn, string password) => SendAsync(Reset(Link(dn), password));

    public Task<WritebackResult> CheckAsync(string dn) => SendAsync(Check(Link(dn)));

    /// <summary>Handles the request and waits for what the portal was told.</summary>
    public async Task<WritebackResult> SendAsync(WritebackRequest request)
    {
        await Handler.HandleAsync(request, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Portal.OutcomeOf(request.Id) is not null, TimeSpan.FromSeconds(20), "the outcome");
        return Portal.OutcomeOf(request.Id)!;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    public static AgentIdentity NewIdentity() =>
        new(
            "agent-1",
            new TenantId(1),
            "https://portal.test",
            ECDsa.Create(ECCurve.NamedCurves.nistP256),
            ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256),
            "secret"
        );
}
