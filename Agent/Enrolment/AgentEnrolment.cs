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

    /// <summary>Nothing was left behind.</summary>
    /// <param name="Sentence">What to do.</param>
    public sealed record Refused(string Sentence) : EnrolmentOutcome;
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

        try
        {
            store.Prepare();
            using var keys = IdentityStore.FromCredential() ?? AgentKeys.New();
            var outcome = await AskAsync(origin, RequestOf(code, name, keys), keys, cancellation);
            if (outcome is not EnrolmentOutcome.Enrolled)
            {
                store.Clear();
            }

            return outcome;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            store.Clear();
            return new EnrolmentOutcome.Refused($"The agent's folder cannot keep its keys: {e.Message}");
        }
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
            return answer.StatusCode == HttpStatusCode.OK
                ? Keep(await answer.Content.ReadAsByteArrayAsync(cancellation), keys)
                : new EnrolmentOutcome.Refused(SentenceFor(answer.StatusCode, origin));
        }
        catch (Exception e) when (PortalFailure.IsNetwork(e, cancellation))
        {
            return new EnrolmentOutcome.Refused($"The portal at {origin} was not reached: {PortalFailure.Describe(e)}.");
        }
    }

    private EnrolmentOutcome Keep(byte[] answer, AgentKeys keys)
    {
        if (TryRead(answer) is not { } enrolment)
        {
            return new EnrolmentOutcome.Refused("The portal's answer could not be read; agent and portal may be of different versions.");
        }

        if (
            enrolment.TenantKeys.Count == 0
            || enrolment.TenantKeys.Any(key => EnvelopeKeys.TryOpenTenantKey(key.Generation, key.Jwe, keys.Encryption) is null)
        )
        {
            return new EnrolmentOutcome.Refused("The tenant's keys that the portal sent could not be opened.");
        }

        store.Save(enrolment, keys);
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
            HttpStatusCode.TooManyRequests => "Too many enrolments were tried from this network; try again in an hour.",
            _ => $"The portal at {origin} answered with status {(int)status}.",
        };
}
