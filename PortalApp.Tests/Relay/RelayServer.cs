using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Agent.Relay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Relay;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Relay;
using PortalApp.Relay.Queues;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Relay;

/// <summary>Kestrel on a free port, TLS by a throwaway authority for the name <c>localhost</c>, and the relay alone.</summary>
internal sealed class RelayServer : IAsyncDisposable
{
    /// <summary>That every agent here serves, where it is not said otherwise.</summary>
    private const string Connector = "corp.test";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("relay-test-");
    private readonly ConcurrentDictionary<string, (byte[] Hash, RelayIdentity Identity)> agents = [];
    private readonly X509Certificate2Collection roots = [];
    private WebApplication app = null!;
    private int numbers;

    public int Port { get; private set; }

    public string AuthorityFile { get; private set; } = "";

    public EmbeddedRelay Relay => app.Services.GetRequiredService<EmbeddedRelay>();

    public AgentNetworks AgentNetworks => app.Services.GetRequiredService<AgentNetworks>();

    public static async Task<RelayServer> StartAsync(TimeProvider? time = null)
    {
        var server = new RelayServer();
        using var authority = await TestCertificates.OpenOrCreateAsync(server.folder.FullName);
        var files = authority.Issue(server.folder.FullName, "relay", ["localhost"], []);
        server.AuthorityFile = authority.AuthorityFile;
        server.roots.Add(X509CertificateLoader.LoadCertificateFromFile(authority.AuthorityFile));
        var certificate = X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        builder.Services.AddSingleton<PortalApp.Audit.LogPerMinute>();
        builder.AddRelay();
        builder.Services.Configure<PortalOptions>(options => options.Origin = "https://localhost");
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<RelayCredentialCheck>(server.CheckAsync);
        server.app = builder.Build();
        server.app.MapRelay();
        await server.app.StartAsync();
        server.Port = new Uri(server.app.Urls.Single()).Port;
        return server;
    }

    /// <summary>A tenant that no other test of this server uses.</summary>
    public TenantId NewTenant() => new(Interlocked.Increment(ref numbers));

    public TestEndpoint NewAgent(TenantId tenant, int? port = null, string host = "localhost", string connector = Connector)
    {
        var (user, secret) = (
            $"agent-{Interlocked.Increment(ref numbers)}",
            System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))
        );
        agents[user] = (SHA256.HashData(Encoding.ASCII.GetBytes(secret)), new(user, tenant, [RelayAddress.Of(tenant, connector)]));
        return new(host, port ?? Port, user, secret, roots);
    }

    public void Revoke(TestEndpoint agent)
    {
        agents.TryRemove(agent.User, out _);
        Relay.Disconnect(agent.User);
    }

    /// <summary>Whether the relay took it.</summary>
    public bool Send(TenantId tenant, RequestId id, double seconds = 60, byte[]? body = null) =>
        Relay.SendAsync(tenant, Connector, id, body ?? [1, 2, 3], TimeSpan.FromSeconds(seconds)).Result;

    public static RelayAddress AddressOf(TenantId tenant) => RelayAddress.Of(tenant, Connector);

    public int WaitingOf(TenantId tenant) => app.Services.GetRequiredService<RelayBroker>().QueueOf(AddressOf(tenant)).Length;

    /// <summary>Also what is with an agent.</summary>
    public int LengthOf(TenantId tenant) => app.Services.GetRequiredService<RelayBroker>().QueueOf(AddressOf(tenant)).Held;

    public bool HasReceiver(TenantId tenant, string connector = Connector) => Relay.HasReceiver(tenant, connector);

    public Task HasReceiverAsync(TenantId tenant, bool expected = true, TimeSpan? within = null) =>
        Eventually.TrueAsync(
            () => HasReceiver(tenant) == expected,
            within ?? Patience,
            expected ? "a receiver" : "the receiver to be gone",
            TestContext.Current.CancellationToken
        );

    public static async Task<RelayConnection> ConnectedAsync(TestEndpoint agent) =>
        (await RelayConnection.ConnectAsync(agent.Endpoint, TestContext.Current.CancellationToken)) switch
        {
            RelayConnecting.Connected connected => connected.Connection,
            var failed => throw new InvalidOperationException(failed.ToString()),
        };

    public static async Task<RelayFault> FaultAsync(TestEndpoint agent)
    {
        var attempt = await RelayConnection.ConnectAsync(agent.Endpoint, TestContext.Current.CancellationToken);
        return Assert.IsType<RelayConnecting.Refused>(attempt).Fault;
    }

    public Task StopAsync() => app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private Task<RelayIdentity?> CheckAsync(string user, byte[] secretSha256, CancellationToken cancellationToken) =>
        Task.FromResult(
            agents.TryGetValue(user, out var agent) && CryptographicOperations.FixedTimeEquals(agent.Hash, secretSha256)
                ? agent.Identity
                : null
        );
}

/// <summary>An agent's way to a relay, taken apart so that a test may change one part.</summary>
internal sealed record TestEndpoint(string Host, int Port, string User, string Secret, X509Certificate2Collection? Roots)
{
    public string Path { get; init; } = RelayLimits.Path;

    public Uri Address => new($"wss://{Host}:{Port}{Path}");

    public RelayEndpoint Endpoint => new(Address, User, Secret, Roots);
}
