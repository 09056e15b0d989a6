using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agent.Relay;
using Portal.Agents;
using Portal.Relay;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using Portal.Writeback;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>An agent without a directory: real keys, the real protocol, and answers that the test gives.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { AllowOutOfOrderMetadataProperties = true };
    private readonly HttpClient http;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource stopping = new();
    private Task listening = Task.CompletedTask;

    /// <param name="http">Its base address is the portal.</param>
    /// <param name="audience">The portal's configured origin.</param>
    public TestAgent(HttpClient http, string audience, TimeProvider clock)
    {
        this.http = http;
        this.clock = clock;
        Audience = audience;
    }

    public ECDsa SigningKey { get; init; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public ECDiffieHellman EncryptionKey { get; init; } = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    public string RelaySecret { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
    public string Audience { get; }
    public EnrolmentResponse? Enrolment { get; set; }
    public string Id => Enrolment?.AgentId ?? "";

    /// <summary>What it says of itself in its hellos; null as an older agent says nothing.</summary>
    public AgentState? State { get; set; }

    /// <summary>Where the last hello's answer sent it.</summary>
    public RelayPlace? Place { get; private set; }
    public string SigningKid => EnvelopeKeys.Thumbprint(SigningKey.ExportParameters(false));
    public string EncryptionKid => EnvelopeKeys.Thumbprint(EncryptionKey.ExportParameters(false));

    /// <summary>Ends when the relay connection does.</summary>
    public Task Listening => listening;

    /// <summary>The same agent where another portal listens.</summary>
    public TestAgent At(HttpClient portal) =>
        new(portal, Audience, clock)
        {
            SigningKey = SigningKey,
            EncryptionKey = EncryptionKey,
            Enrolment = Enrolment,
        };

    public EnrolmentRequest RequestWith(string code) =>
        new(
            code,
            "test",
            EnvelopeKeys.PublicJwk(EncryptionKey.ExportParameters(false), "enc"),
            EnvelopeKeys.PublicJwk(SigningKey.ExportParameters(false), "sig"),
            Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(RelaySecret))),
            "1.0"
        );

    public async Task<HttpStatusCode> EnrolAsync(string code)
    {
        var (status, answer) = await CallAsync<EnrolmentResponse>(AgentApi.Enrol, RequestWith(code));
        Enrolment = answer ?? Enrolment;
        return status;
    }

    public async Task<ClaimResponse> ClaimAsync(string request, string attempt) =>
        (await CallAsync<ClaimResponse>(AgentApi.Claim, new ClaimRequest(request, attempt))).Answer!;

    public async Task<bool> ReportAsync(string request, string? attempt, WritebackResult result) =>
        (await CallAsync<OutcomeResponse>(AgentApi.Outcome, new OutcomeRequest(request, attempt, result))).Answer!.Accepted;

    public async Task<IReadOnlyList<string>> PendingAsync() =>
        [.. (await CallAsync<PendingResponse>(AgentApi.Pending, new PendingRequest())).Answer!.Requests.Select(grant => grant.Request)];

    public async Task<(HttpStatusCode Status, HelloResponse? Answer)> HelloAsync()
    {
        var said = await CallAsync<HelloResponse>(AgentApi.Hello, new HelloRequest("1.1", State));
        Place = said.Answer?.Relay ?? Place;
        return said;
    }

    public async Task<(HttpStatusCode Status, TAnswer? Answer)> CallAsync<TAnswer>(string path, object message)
        where TAnswer : class
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message, Json);
        using var answer = await SendAsync(path, body, TokenFor(path, body));
        return answer.IsSuccessStatusCode
            ? (answer.StatusCode, JsonSerializer.Deserialize<TAnswer>(await answer.Content.ReadAsByteArrayAsync(), Json))
            : (answer.StatusCode, null);
    }

    public string TokenFor(string path, byte[] body, string? audience = null, DateTimeOffset? at = null) =>
        AgentCallToken.Create(SigningKey, SigningKid, Id, audience ?? Audience, path, body, at ?? clock.GetUtcNow());

    public Task<HttpResponseMessage> SendAsync(string path, byte[] body, string? token)
    {
        var call = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        call.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return http.SendAsync(call);
    }

    public EnvelopeRing Ring() =>
        new(
            new TenantId(Enrolment!.Tenant),
            EncryptionKey,
            [.. Enrolment.TenantKeys.Select(k => EnvelopeKeys.TryOpenTenantKey(k.Generation, k.Jwe, EncryptionKey)!)]
        );

    public async Task<RelayConnecting> ConnectAsync(string? asUser = null)
    {
        var relay = new UriBuilder(http.BaseAddress!) { Scheme = "ws", Path = RelayLimits.Path };
        return await RelayConnection.ConnectAsync(new RelayEndpoint(relay.Uri, asUser ?? Id, RelaySecret, null), stopping.Token);
    }

    /// <summary>At the address of each connector that it serves, once it said so in a hello. Returns once it is connected; each request that opens goes to the handler, in the order of arrival.</summary>
    public async Task ListenAsync(Func<WritebackRequest, Task> handle)
    {
        var connection = Assert.IsType<RelayConnecting.Connected>(await ConnectAsync()).Connection;
        listening = Task.WhenAll(Place!.Connectors.Select(at => ReceiveAsync(connection, new(at.Address), handle)));
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        try
        {
            await listening;
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }

        SigningKey.Dispose();
        EncryptionKey.Dispose();
        stopping.Dispose();
    }

    /// <summary>A request id or attempt that nobody gave: 128 random bits.</summary>
    public static string NewId() => RequestId.New().Value;

    private async Task ReceiveAsync(RelayConnection connection, RelayAddress at, Func<WritebackRequest, Task> handle)
    {
        await using var connected = connection;
        await foreach (var delivery in connection.ReceiveAsync(at, 16, stopping.Token))
        {
            if (Envelope.Open(delivery.Body, delivery.Id, Ring()) is EnvelopeOpening.Opened opened)
            {
                await handle(opened.Request);
                await delivery.SettleAsync(Settlement.Accepted);
            }
            else
            {
                await delivery.SettleAsync(Settlement.Dropped);
            }
        }
    }
}
