using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Agent.Enrolment;
using Agent.Status;
using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.DirectorySync;

namespace Agent.Portal;

/// <summary>
/// Everything that the agent says, each one HTTPS call, signed and answered. Nothing is retried here, and no failure of the network is thrown:
/// the callers decide, as only they know what a second try would mean.
/// </summary>
internal sealed class PortalClient(
    IHttpClientFactory clients,
    AgentIdentity identity,
    AgentStatus status,
    TimeProvider clock,
    ILogger<PortalClient> logger
)
{
    /// <summary>The name of the configured client.</summary>
    public const string ClientName = "portal";

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>By path, where the portal asked to wait: until then it is not called there.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> notBefore = [];

    /// <summary>Null: not reached, or the answer was none; ask again with the same attempt.</summary>
    public Task<ClaimResponse?> ClaimAsync(ClaimRequest claim, CancellationToken cancellation) =>
        CallAsync<ClaimRequest, ClaimResponse>(AgentApi.Claim, claim, cancellation);

    /// <summary>True: the portal has what it will keep, accepted or not; stop sending.</summary>
    public async Task<bool> ReportAsync(OutcomeRequest outcome, CancellationToken cancellation) =>
        await CallAsync<OutcomeRequest, OutcomeResponse>(AgentApi.Outcome, outcome, cancellation) is not null;

    public Task<PendingResponse?> PendingAsync(CancellationToken cancellation) =>
        CallAsync<PendingRequest, PendingResponse>(AgentApi.Pending, new(), cancellation);

    /// <summary>Best effort: what does not reach the portal stands in the agent's log.</summary>
    public Task AlarmAsync(AlarmRequest alarm, CancellationToken cancellation) =>
        CallAsync<AlarmRequest, OutcomeResponse>(AgentApi.Alarm, alarm, cancellation);

    /// <returns>Whether the portal does not take this agent's calls, where it gave no answer.</returns>
    public async Task<(HelloResponse? Answer, bool Refused)> HelloAsync(HelloRequest hello, CancellationToken cancellation)
    {
        var (answer, status) = await SendAsync<HelloRequest, HelloResponse>(AgentApi.Hello, hello, cancellation);
        return (answer, status == HttpStatusCode.Unauthorized);
    }

    /// <summary>A portal that asks to wait changed nothing, and is asked again when it said.</summary>
    public async Task<SyncReport?> SyncAsync(SyncBatch batch, CancellationToken cancellation)
    {
        while (true)
        {
            var (answer, status) = await SendAsync<SyncBatch, SyncReport>(AgentApi.Sync, batch, cancellation);
            if (status != HttpStatusCode.TooManyRequests)
            {
                return answer;
            }

            var wait = notBefore[AgentApi.Sync] - clock.GetUtcNow();
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, clock, cancellation);
        }
    }

    /// <summary>Null: not reached, or a portal that is older than this call.</summary>
    public Task<SyncStandingAnswer?> StandingAsync(SyncStanding standing, CancellationToken cancellation) =>
        CallAsync<SyncStanding, SyncStandingAnswer>(AgentApi.SyncStanding, standing, cancellation);

    private async Task<TAnswer?> CallAsync<TRequest, TAnswer>(string path, TRequest message, CancellationToken cancellation)
        where TAnswer : class => (await SendAsync<TRequest, TAnswer>(path, message, cancellation)).Answer;

    private async Task<(TAnswer? Answer, HttpStatusCode? Status)> SendAsync<TRequest, TAnswer>(
        string path,
        TRequest message,
        CancellationToken cancellation
    )
        where TAnswer : class
    {
        if (notBefore.TryGetValue(path, out var until) && clock.GetUtcNow() < until)
        {
            return (null, HttpStatusCode.TooManyRequests);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(message, WireJson.Options);
        var token = AgentCallToken.Create(
            identity.SigningKey,
            identity.SigningKid,
            identity.AgentId,
            identity.Audience,
            path,
            body,
            clock.GetUtcNow()
        );
        using var call = new HttpRequestMessage(HttpMethod.Post, path);
        call.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        call.Content = new ByteArrayContent(body);
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            var client = clients.CreateClient(ClientName);
            using var answer = await client.SendAsync(call, cancellation);
            if (status.PortalClock(answer.Headers.Date - clock.GetUtcNow()) is { } differing)
            {
                logger.ClockDiffers(differing);
            }

            if (answer.StatusCode == HttpStatusCode.OK)
            {
                var said = await answer.Content.ReadAsByteArrayAsync(cancellation);
                return (JsonSerializer.Deserialize<TAnswer>(said, WireJson.Options), answer.StatusCode);
            }

            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                var wait = answer.Headers.RetryAfter?.Delta ?? ShortestWait;
                notBefore[path] = clock.GetUtcNow() + TimeSpan.FromTicks(Math.Clamp(wait.Ticks, ShortestWait.Ticks, LongestWait.Ticks));
            }

            logger.CallRefused(path, (int)answer.StatusCode);
            return (null, answer.StatusCode);
        }
        catch (JsonException)
        {
            logger.AnswerUnreadable(path);
            return (null, null);
        }
        catch (Exception e) when (PortalFailure.IsNetwork(e, cancellation))
        {
            logger.NotReached(path, PortalFailure.Describe(e));
            return (null, null);
        }
    }
}
