using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Writeback;

namespace Portal.Agents;

/// <param name="Code">The enrolment code, as printed.</param>
/// <param name="EncryptionKey">Public JWK, P-256, <c>use</c> enc.</param>
/// <param name="SigningKey">Public JWK, P-256, <c>use</c> sig; the call's token is signed by it.</param>
/// <param name="RelaySecretHash">Base64url of the SHA-256 of the agent's relay secret (32 random bytes as base64url text, hashed as ASCII).</param>
public sealed record EnrolmentRequest(
    string Code,
    string Name,
    JsonElement EncryptionKey,
    JsonElement SigningKey,
    string RelaySecretHash,
    string Version
);

/// <summary>Who the agent is from now on. Where its relay is, each hello says (<see cref="HelloResponse"/>).</summary>
/// <param name="AgentId">Also the relay's SASL user name.</param>
/// <param name="Audience">The portal's configured origin: the <c>aud</c> of every later token.</param>
/// <param name="TenantKeys">The tenant's symmetric keys, each a compact JWE to the agent's encryption key.</param>
public sealed record EnrolmentResponse(
    string AgentId,
    int Tenant,
    string TenantName,
    string Audience,
    IReadOnlyList<SealedTenantKey> TenantKeys
);

/// <param name="Generation">The outer envelope's <c>kid</c>.</param>
/// <param name="Jwe">Compact JWE (ECDH-ES+A256KW, A256GCM) whose payload is the key's 32 bytes.</param>
public sealed record SealedTenantKey(int Generation, string Jwe);

/// <summary>Asks for <see cref="PendingResponse"/>; carries nothing.</summary>
public sealed record PendingRequest;

/// <summary>Answer to <see cref="AgentApi.Pending"/>: requests granted to this agent whose outcome the portal does not have, or knows only as unknown.</summary>
public sealed record PendingResponse(IReadOnlyList<PendingGrant> Requests);

/// <param name="AttemptHash"><see cref="ClaimRequest.HashOf"/> of the attempt that was granted: the agent's journal knows whether it was its own, or that of a copy (H76).</param>
public sealed record PendingGrant(string Request, string AttemptHash);

/// <param name="Attempt">128 random bits, base64url; lives in the agent's memory only.</param>
public sealed record ClaimRequest(string Request, string Attempt)
{
    /// <summary>Base64url of the SHA-256. Proves that a claim was made, and claims nothing itself.</summary>
    public static string HashOf(string attempt) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(attempt)));
}

/// <param name="RemainingMilliseconds">Counted by the agent from when it sent the claim, by its monotonic clock.</param>
public sealed record ClaimResponse(bool Granted, int RemainingMilliseconds);

/// <param name="Attempt">Of the claim; null for Health, Check and what is not supported, and after a restart of the agent.</param>
public sealed record OutcomeRequest(string Request, string? Attempt, WritebackResult Result);

/// <summary>The portal has what it will keep; the agent stops sending, accepted or not.</summary>
public sealed record OutcomeResponse(bool Accepted);

public sealed record AlarmRequest(AlarmKind Kind, string Detail);

/// <summary>What an administrator must know of an agent.</summary>
[JsonConverter(typeof(AlarmKindConverter))]
public enum AlarmKind
{
    /// <summary>A message at the tenant's relay address did not open.</summary>
    ForgedMessage,
    ExpiredMessage,

    /// <summary>The agent's own cap on sets.</summary>
    RateCapped,

    /// <summary>What came of a lost answer will stay unknown.</summary>
    NoWriteCounter,

    /// <summary>A request was granted to this agent's keys and not to this agent (H76).</summary>
    Copy,

    /// <summary>One request came again and again: the relay loses its locks, or somebody replays (H77).</summary>
    Redelivered,

    /// <summary>Of a kind that only a newer agent has; the detail says what it is.</summary>
    Other,
}

/// <summary>By its name. An alarm that cannot be named is raised all the same.</summary>
internal sealed class AlarmKindConverter : JsonConverter<AlarmKind>
{
    public override AlarmKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var name = reader.GetString();
        return Enum.GetNames<AlarmKind>().Contains(name) ? Enum.Parse<AlarmKind>(name!) : AlarmKind.Other;
    }

    public override void Write(Utf8JsonWriter writer, AlarmKind value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
