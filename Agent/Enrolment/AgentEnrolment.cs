using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agent.Portal;
using Portal.Agents;
using Portal.Relay.Envelopes;

namespace Agent.Enrolment;

/// <summary>What came of an enrolment.</summary>
internal abstract record EnrolmentOutcome
{
    private EnrolmentOutcome() { }

    /// <param name="Fingerprint">Of the encryption key, for reading aloud: the portal shows the same.</param>
    public sealed record Enrolled(string AgentId, string TenantName, string Fingerprint) : EnrolmentOutcome;

    /// <summary>A definite no: what this try made is gone again.</summary>
    /// <param name="Sentence">What to do.</param>
    public sealed record Refused(string Sentence) : EnrolmentOutcome;

    /// <summary>The portal may have taken this agent in: its keys stay, and the next try brings the same.</summary>
    /// <param name="Sentence">What went wrong.</param>
    public sealed record Unsure(string Sentence) : EnrolmentOutcome;
}

/// <summary>Makes an agent's keys and relay secret, and gives the portal the public halves for a code.</summary>
internal sealed class AgentEnrolment(IHttpClientFactory clients, IdentityStore store, TimeProvider clock)
{
    /// <param name="origin">The portal's, as it is configured there.</param>
    public async Task<EnrolmentOutcome> EnrolAsync(string origin, string code, string name, CancellationToken cancellation)
    {
        if (store.IsEnrolled)
        {
            return new EnrolmentOutcome.Refused(
                "This folder belongs to an enrolled agent; take another one, or remove its identity.json and keys."
            );
        }

        if (!IdentityStore.KeysAreInAFile && IdentityStore.FromCredential() is null)
        {
            return new EnrolmentOutcome.Refused($"The systemd credential {IdentityStore.KeysName} holds no keys of an agent.");
        }

        AgentKeys? left = null;
        try
        {
            left = store.LeftBehind();
            store.Prepare();
            using var keys = IdentityStore.FromCredential() ?? left ?? AgentKeys.New();
            store.KeepKeys(keys);
            return await AskAsync(origin, RequestOf(code, name, keys), keys, cancellation) switch
            {
                EnrolmentOutcome.Refused(var why) => Refuse(why, left),
                var outcome => outcome,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse($"The agent's folder cannot keep its keys: {e.Message}", left);
        }
    }

    /// <summary>No word about this try says what became of an earlier one that was left without an answer: its keys stay.</summary>
    private EnrolmentOutcome.Refused Refuse(string why, AgentKeys? left)
    {
        if (left is null)
        {
            store.Clear();
            return new(why);
        }

        return new(
            $"{why} An earlier try was left without an answer, and its keys stay: give the code of that try once more, or revoke that agent at the portal where it is listed and remove {store.KeysFile}."
        );
    }

    private static EnrolmentRequest RequestOf(string code, string name, AgentKeys keys) =>
        new(
            code,
            name,
            EnvelopeKeys.PublicJwk(keys.Encryption.ExportParameters(includePrivateParameters: false), "enc"),
            EnvelopeKeys.PublicJwk(keys.Signing.ExportParameters(includePrivateParameters: false), "sig"),
            System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(keys.RelaySecret))),
            AgentVersion.Text
        );

    private async Task<EnrolmentOutcome> AskAsync(string origin, EnrolmentRequest request, AgentKeys keys, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Options);
        using var call = new HttpRequestMessage(HttpMethod.Post, AgentApi.Enrol) { Content = new ByteArrayContent(body) };
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var kid = EnvelopeKeys.Thumbprint(keys.Signing.ExportParameters(includePrivateParameters: false));
        var token = AgentCallToken.Create(keys.Signing, kid, "", origin, AgentApi.Enrol, body, clock.GetUtcNow());
        call.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var answer = await clients.CreateClient(PortalClient.ClientName).SendAsync(call, cancellation);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => Keep(await answer.Content.ReadAsByteArrayAsync(cancellation), keys),
                >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => new EnrolmentOutcome.Refused(
                    SentenceFor(answer.StatusCode, origin)
                ),
                _ => new EnrolmentOutcome.Unsure(SentenceFor(answer.StatusCode, origin)),
            };
        }
        catch (Exception e) when (PortalFailure.IsNetwork(e, cancellation))
        {
            return new EnrolmentOutcome.Unsure($"The portal at {origin} was not reached: {PortalFailure.Describe(e)}.");
        }
    }

    private EnrolmentOutcome Keep(byte[] answer, AgentKeys keys)
    {
        if (TryRead(answer) is not { } enrolment)
        {
            return new EnrolmentOutcome.Unsure("The portal's answer could not be read; agent and portal may be of different versions.");
        }

        if (
            enrolment.TenantKeys.Count == 0
            || enrolment.TenantKeys.Any(key => EnvelopeKeys.TryOpenTenantKey(key.Generation, key.Jwe, keys.Encryption) is null)
        )
        {
            return new EnrolmentOutcome.Unsure("The tenant's keys that the portal sent could not be opened.");
        }

        try
        {
            store.Save(enrolment);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new EnrolmentOutcome.Unsure($"The portal took this agent in, and its folder cannot keep what it said: {e.Message}");
        }

        var thumbprint = EnvelopeKeys.Thumbprint(keys.Encryption.ExportParameters(includePrivateParameters: false));
        return new EnrolmentOutcome.Enrolled(enrolment.AgentId, enrolment.TenantName, EnvelopeKeys.Fingerprint(thumbprint));
    }

    private static EnrolmentResponse? TryRead(byte[] answer)
    {
        try
        {
            return JsonSerializer.Deserialize<EnrolmentResponse>(answer, WireJson.Options) is { Tenant: > 0 } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string SentenceFor(HttpStatusCode status, string origin) =>
        status switch
        {
            HttpStatusCode.Forbidden => "The portal refused the code: it is wrong, used, or older than 15 minutes. Ask for a new one.",
            HttpStatusCode.Unauthorized =>
                $"The portal did not accept the call: {origin} must be its configured origin, and the clocks of both machines must agree.",
            HttpStatusCode.Conflict => "The portal holds an agent with these keys already.",
            HttpStatusCode.TooManyRequests => "Too many enrolments were tried from this network; try again in an hour.",
            _ => $"The portal at {origin} answered with status {(int)status}.",
        };
}
