using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Portal.Agents;
using Portal.Writeback;
using PortalApp.Tests.Writeback.Wire;

namespace PortalApp.Tests.Writeback;

/// <summary>
/// The portal as an agent sees it: grants a request once, by the rule of "The grant", and keeps what is reported. Only its wire is real.
/// </summary>
internal sealed class AgentPortal : HttpMessageHandler, IHttpClientFactory
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { AllowOutOfOrderMetadataProperties = true };
    private readonly ConcurrentDictionary<string, string> granted = new();
    private readonly ConcurrentDictionary<string, WritebackResult> outcomes = new();

    /// <summary>Milliseconds left in every grant.</summary>
    public int Remaining { get; set; } = 60_000;

    /// <summary>Answers with members that came after today's agent.</summary>
    public bool IsNewer { get; set; }

    public bool Reachable { get; set; } = true;

    /// <summary>The next grant's answer is lost, and the next ask comes after the deadline.</summary>
    public bool LosesGrant { get; set; }

    /// <summary>Outcomes are taken, and no answer comes back.</summary>
    public bool LosesOutcomes { get; set; }

    /// <summary>Runs before a claim is answered, when everything has been authorised.</summary>
    public Func<Task>? AtClaim { get; set; }

    public int Claims { get; private set; }

    public ConcurrentQueue<OutcomeRequest> Reports { get; } = new();

    public ConcurrentQueue<AlarmRequest> Alarms { get; } = new();

    /// <summary>Requests that <c>Pending</c> names beside those granted here without an outcome.</summary>
    public IReadOnlyList<string> GrantedEarlier { get; set; } = [];

    /// <summary>An agent with the same keys was quicker.</summary>
    public void GrantToCopy(RequestId id) => granted[id.Value] = "a copy's attempt";

    public WritebackResult? OutcomeOf(RequestId id) => outcomes.GetValueOrDefault(id.Value);

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false) { BaseAddress = new Uri("https://portal.test") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!Reachable)
        {
            throw new HttpRequestException("The portal is not reached.");
        }

        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        return request.RequestUri!.AbsolutePath switch
        {
            AgentApi.Claim => Answer(await ClaimAsync(Read<ClaimRequest>(body))),
            AgentApi.Outcome => Keep(Read<OutcomeRequest>(body)),
            AgentApi.Pending => Answer(
                new PendingResponse([
                    .. granted
                        .Concat(GrantedEarlier.Select(id => KeyValuePair.Create(id, "a copy's attempt")))
                        .Where(grant => outcomes.GetValueOrDefault(grant.Key) is null or WritebackResult.Unknown)
                        .Select(grant => new PendingGrant(grant.Key, ClaimRequest.HashOf(grant.Value))),
                ])
            ),
            AgentApi.Alarm => Note(Read<AlarmRequest>(body)),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        };
    }

    private async Task<ClaimResponse> ClaimAsync(ClaimRequest claim)
    {
        Claims++;
        if (AtClaim is { } hook)
        {
            await hook();
        }

        var mine = granted.GetOrAdd(claim.Request, claim.Attempt) == claim.Attempt;
        if (LosesGrant)
        {
            (LosesGrant, Remaining) = (false, 0);
            throw new HttpRequestException("The answer was lost.");
        }

        return mine && Remaining > 0 ? new ClaimResponse(true, Remaining) : new ClaimResponse(false, 0);
    }

    private HttpResponseMessage Keep(OutcomeRequest outcome)
    {
        Reports.Enqueue(outcome);
        outcomes.AddOrUpdate(outcome.Request, outcome.Result, (_, held) => held is WritebackResult.Unknown ? outcome.Result : held);
        return LosesOutcomes ? throw new HttpRequestException("The answer was lost.") : Answer(new OutcomeResponse(true));
    }

    private HttpResponseMessage Note(AlarmRequest alarm)
    {
        Alarms.Enqueue(alarm);
        return Answer(new OutcomeResponse(true));
    }

    private static T Read<T>(byte[] body) => JsonSerializer.Deserialize<T>(body, Json)!;

    private HttpResponseMessage Answer<T>(T answer)
    {
        var json = JsonSerializer.Serialize(answer, Json);
        return new(HttpStatusCode.OK) { Content = new StringContent(IsNewer ? WireChanges.Grown(json).ToJsonString() : json) };
    }
}
