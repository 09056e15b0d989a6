using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Agent.Relay;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Relay;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Data;
using PortalApp.Relay;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.PasswordReset;

/// <summary>An enrolled agent that says what the test tells it to. Everything between it and the pages is the portal's own.</summary>
internal sealed class SpokenAgent(IServiceProvider services) : IAsyncDisposable
{
    /// <summary>Of the directory that it serves.</summary>
    public const string Connector = "forest";
    private const string RelaySecret = "the-spoken-agents-relay-secret";
    private readonly CancellationTokenSource ending = new();
    private readonly List<Task> listening = [];

    /// <summary>What it says of its own and its directory's health; null for no word.</summary>
    public WritebackResult? Health { get; set; } = new WritebackResult.Healthy();

    /// <summary>A key to seal for.</summary>
    public static void EnrolAt(PortalDb db, TenantId tenant, DateTimeOffset at)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = pair.ExportParameters(includePrivateParameters: false);
        var agent = new EnrolledAgent
        {
            Id = IdOf(tenant),
            Tenant = tenant,
            Name = "spoken",
            RelaySecretHash = SHA256.HashData(Encoding.ASCII.GetBytes(RelaySecret)),
            EnrolledAt = at,
            LastHelloAt = at,
            State = AgentStates.Ready(at, Connector),
        };
        agent.Keys.Add(
            new AgentKey
            {
                Kid = EnvelopeKeys.Thumbprint(key),
                AgentId = agent.Id,
                Tenant = tenant,
                Use = AgentKeyUse.Encryption,
                Generation = 1,
                Jwk = EnvelopeKeys.PublicJwk(key, "enc").GetRawText(),
                NotBefore = at,
            }
        );
        db.Add(agent);
    }

    /// <summary>Enters the relay as an agent does, and takes its messages unread: what it says, the test tells it.</summary>
    public async Task ListenAsync(Uri portal, string authorityFile, TenantId tenant)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(authorityFile);
        var relay = new Uri($"wss://{portal.Authority}{RelayLimits.Path}");
        var entered = await RelayConnection.ConnectAsync(new RelayEndpoint(relay, IdOf(tenant), RelaySecret, roots), ending.Token);
        listening.Add(TakeAsync(Assert.IsType<RelayConnecting.Connected>(entered).Connection, tenant));
        var waiting = services.GetRequiredService<EmbeddedRelay>();
        await Eventually.TrueAsync(() => waiting.HasReceiver(tenant, Connector), TimeSpan.FromSeconds(20), "the agent to listen");
    }

    /// <summary>About the open request of a kind, else the newest; false where it has ended already.</summary>
    public async Task<bool> SayAsync(RequestKind kind, WritebackResult result)
    {
        await using var db = await OpenAsync();
        var row = await db.Set<Request>()
            .TagWith(StatementRecorder.Tests)
            .AsNoTracking()
            .Where(r => r.Kind == kind)
            .OrderBy(r => r.EndedAt != null)
            .ThenByDescending(r => r.Issued)
            .FirstAsync();
        return await services.GetRequiredService<RequestStore>().EndAsync(row, result, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(listening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
    }

    private static string IdOf(TenantId tenant) => $"agent-{tenant}";

    private async Task TakeAsync(RelayConnection connection, TenantId tenant)
    {
        await using var _ = connection;
        await foreach (
            var delivery in connection.ReceiveAsync(RelayAddress.Of(tenant, Connector), RelayLimits.ReceiverCredit, ending.Token)
        )
        {
            await delivery.SettleAsync(Settlement.Accepted);
            if (Health is { } health)
            {
                // Of what is no question it says nothing.
                services.GetRequiredService<HealthQuestions>().Take(tenant, new RequestId(delivery.Id), health);
            }
        }
    }

    private Task<PortalDb> OpenAsync() => services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
}
