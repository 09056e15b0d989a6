using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jose;
using Portal.Writeback;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Portal.Relay.Envelopes;

/// <summary>
/// A request on its way (RFC 7516): inside, a JWE in JSON for each active agent's key (ECDH-ES+A256KW, A256GCM; <c>apu</c> is the request,
/// <c>apv</c> the recipient); outside, a compact JWE under the tenant's key (A256KW, A256GCM). The size tells nothing: what is sealed is padded.
/// The question whether an agent is well, and it alone, goes without the outer one (docs/decisions/0008).
/// </summary>
public static class Envelope
{
    private const string OuterType = "portal-request+jwe";
    private const string InnerType = "portal-request-inner+jwe";
    private const string QuestionType = "portal-question+jwe";

    public static byte[] Seal(WritebackRequest request, IReadOnlyList<EnvelopeRecipient> agents, TenantKey tenantKey)
    {
        var outer = JWE.EncryptBytes(
            Encoding.ASCII.GetBytes(SealFor(agents, request, InnerType)),
            [new JweRecipient(JweAlgorithm.A256KW, tenantKey.Key)],
            JweEncryption.A256GCM,
            mode: SerializationMode.Compact,
            extraProtectedHeaders: new Dictionary<string, object>
            {
                ["typ"] = OuterType,
                ["kid"] = tenantKey.Generation.ToString(CultureInfo.InvariantCulture),
            },
            settings: EnvelopeSettings.Outer
        );
        return Bounded(outer, agents.Count);
    }

    /// <summary>For the agents' keys alone: anybody who knows those may ask it, and only the portal takes the answer.</summary>
    public static byte[] SealQuestion(WritebackRequest.Health question, IReadOnlyList<EnvelopeRecipient> agents) =>
        Bounded(SealFor(agents, question, QuestionType), agents.Count);

    private static string SealFor(IReadOnlyList<EnvelopeRecipient> agents, WritebackRequest request, string type)
    {
        var plain = EnvelopePlaintext.Write(request);
        var keys = agents.Select(a => ECDiffieHellman.Create(a.Key)).ToList();
        try
        {
            return JWE.EncryptBytes(
                plain,
                agents.Zip(keys, (agent, key) => RecipientOf(agent, key, request.Id)),
                JweEncryption.A256GCM,
                mode: SerializationMode.Json,
                extraProtectedHeaders: new Dictionary<string, object> { ["typ"] = type },
                settings: EnvelopeSettings.Inner
            );
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
            keys.ForEach(k => k.Dispose());
        }
    }

    private static byte[] Bounded(string envelope, int agents) =>
        envelope.Length <= RelayLimits.MaxMessageBytes
            ? Encoding.ASCII.GetBytes(envelope)
            : throw new InvalidOperationException($"{agents} agents are too many for one message of {RelayLimits.MaxMessageBytes} bytes.");

    /// <param name="messageId">The AMQP message's id: it must be the sealed one.</param>
    public static EnvelopeOpening Open(ReadOnlyMemory<byte> envelope, string messageId, EnvelopeRing ring)
    {
        try
        {
            return envelope.Length is 0 or > RelayLimits.MaxMessageBytes ? new EnvelopeOpening.Refused()
                : envelope.Span[0] == (byte)'{' ? OpenQuestion(envelope, messageId, ring)
                : OpenOuter(Encoding.ASCII.GetString(envelope.Span), ring) is { } inner ? OpenInner(inner, InnerType, messageId, ring)
                : new EnvelopeOpening.Refused();
        }
        catch (Exception)
        {
            return new EnvelopeOpening.Refused();
        }
    }

    private static byte[]? OpenOuter(string outer, EnvelopeRing ring)
    {
        var header = EnvelopeJson.ParseCompactHeader(outer);
        if (
            !EnvelopeJson.HasExactly(header, "alg", "enc", "typ", "kid")
            || !EnvelopeJson.IsText(header, "alg", "A256KW")
            || !EnvelopeJson.IsText(header, "enc", "A256GCM")
            || !EnvelopeJson.IsText(header, "typ", OuterType)
            || ring.Find(header.GetProperty("kid").GetString()) is not { } tenantKey
        )
        {
            return null;
        }

        return JWE.Decrypt(outer, tenantKey.Key, JweAlgorithm.A256KW, JweEncryption.A256GCM, EnvelopeSettings.Outer).PlaintextBytes;
    }

    private static EnvelopeOpening OpenQuestion(ReadOnlyMemory<byte> question, string messageId, EnvelopeRing ring) =>
        OpenInner(question, QuestionType, messageId, ring) switch
        {
            EnvelopeOpening.Opened { Request: not WritebackRequest.Health } => new EnvelopeOpening.Refused(),
            var opening => opening,
        };

    private static EnvelopeOpening OpenInner(ReadOnlyMemory<byte> inner, string type, string messageId, EnvelopeRing ring)
    {
        var json = EnvelopeJson.Parse(inner);
        var many = EnvelopeJson.HasExactly(json, "protected", "iv", "ciphertext", "tag", "recipients");
        var one = EnvelopeJson.HasExactly(json, "protected", "iv", "ciphertext", "tag", "header", "encrypted_key");
        var shared = EnvelopeJson.ParseBase64Url(json.GetProperty("protected").GetString());
        if (
            !(many || one)
            || !EnvelopeJson.HasExactly(shared, "enc", "typ")
            || !EnvelopeJson.IsText(shared, "enc", "A256GCM")
            || !EnvelopeJson.IsText(shared, "typ", type)
        )
        {
            return new EnvelopeOpening.Refused();
        }

        var mine = (many ? json.GetProperty("recipients").EnumerateArray() : Enumerable.Repeat(json, 1))
            .Where(r => EnvelopeJson.IsText(r.GetProperty("header"), "kid", ring.Kid))
            .Take(2)
            .ToList();
        return mine.Count switch
        {
            0 => new EnvelopeOpening.NotForMe(),
            1 when IsAsWeSealIt(mine[0].GetProperty("header"), messageId, ring.Kid) => Decrypt(json, mine[0], messageId, ring),
            _ => new EnvelopeOpening.Refused(),
        };
    }

    private static bool IsAsWeSealIt(JsonElement header, string messageId, string kid) =>
        EnvelopeJson.HasExactly(header, "alg", "kid", "apu", "apv", "epk")
        && EnvelopeJson.IsText(header, "alg", "ECDH-ES+A256KW")
        && EnvelopeJson.IsText(header, "apu", Encode(messageId))
        && EnvelopeJson.IsText(header, "apv", Encode(kid))
        && EnvelopeJson.HasExactly(header.GetProperty("epk"), "kty", "crv", "x", "y")
        && EnvelopeJson.IsText(header.GetProperty("epk"), "kty", "EC")
        && EnvelopeJson.IsText(header.GetProperty("epk"), "crv", "P-256");

    /// <summary>Hands the library my recipient alone: a broken neighbour must not stop me, and a thousand must not cost me.</summary>
    private static EnvelopeOpening Decrypt(JsonElement json, JsonElement mine, string messageId, EnvelopeRing ring)
    {
        var alone = new JsonObject
        {
            ["protected"] = json.GetProperty("protected").GetString(),
            ["iv"] = json.GetProperty("iv").GetString(),
            ["ciphertext"] = json.GetProperty("ciphertext").GetString(),
            ["tag"] = json.GetProperty("tag").GetString(),
            ["header"] = JsonNode.Parse(mine.GetProperty("header").GetRawText()),
            ["encrypted_key"] = mine.GetProperty("encrypted_key").GetString(),
        };
        var opened = JWE.Decrypt(
            alone.ToJsonString(),
            ring.Key,
            JweAlgorithm.ECDH_ES_A256KW,
            JweEncryption.A256GCM,
            EnvelopeSettings.Inner
        );
        try
        {
            return
                EnvelopePlaintext.TryRead(opened.PlaintextBytes) is { } request
                && request.Id.Value == messageId
                && request.Tenant == ring.Tenant
                ? new EnvelopeOpening.Opened(request)
                : new EnvelopeOpening.Refused();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened.PlaintextBytes);
        }
    }

    private static JweRecipient RecipientOf(EnvelopeRecipient agent, ECDiffieHellman key, RequestId request) =>
        new(
            JweAlgorithm.ECDH_ES_A256KW,
            new Jwk(key, isPrivate: false),
            new Dictionary<string, object>
            {
                ["kid"] = agent.Kid,
                ["apu"] = Encode(request.Value),
                ["apv"] = Encode(agent.Kid),
            }
        );

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
