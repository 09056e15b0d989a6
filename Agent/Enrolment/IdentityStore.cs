using System.Text.Json;
using Agent.Store;
using Portal.Agents;

namespace Agent.Enrolment;

/// <summary>
/// Where an agent's identity lies: what the portal told it in <c>identity.json</c>, the tenant's keys (sealed to the agent, as they came) and
/// its own keys in the folder <c>keys</c>. A systemd credential <c>agent.keys</c> comes before the file of that name.
/// </summary>
internal sealed class IdentityStore(string folder)
{
    public const string KeysName = "agent.keys";

    private readonly string identityFile = Path.Combine(folder, "identity.json");
    private readonly string keysFolder = Path.Combine(folder, "keys");
    private readonly string keysFile = Path.Combine(folder, "keys", KeysName);
    private readonly string tenantKeysFile = Path.Combine(folder, "keys", "tenant.keys");

    public bool IsEnrolled => File.Exists(identityFile);

    /// <summary>Set by systemd for a service with <c>LoadCredentialEncrypted=agent.keys</c>.</summary>
    private static string? Credential =>
        Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } credentials
        && Path.Combine(credentials, KeysName) is var file
        && File.Exists(file)
            ? file
            : null;

    /// <summary>True when the private keys lie in a file that only its mode protects.</summary>
    public static bool KeysAreInAFile => Credential is null;

    public string KeysFile => keysFile;

    /// <summary>The keys that a credential already holds, so that an enrolment uses them; null where there is none.</summary>
    public static AgentKeys? FromCredential() => Credential is { } file ? AgentKeys.TryRead(File.ReadAllBytes(file)) : null;

    /// <summary>Before a code is spent: can this folder take what will have to be kept?</summary>
    /// <exception cref="IOException">Or <see cref="UnauthorizedAccessException"/>: it cannot.</exception>
    public void Prepare()
    {
        System.IO.Directory.CreateDirectory(folder);
        OwnersFile.MakeFolder(keysFolder);
        var probe = Path.Combine(keysFolder, "probe");
        OwnersFile.Write(probe, new byte[4096]);
        File.Delete(probe);
    }

    /// <summary>Before they are shown to anybody: what the portal may hold of them must not be all that there is.</summary>
    public void KeepKeys(AgentKeys keys)
    {
        if (KeysAreInAFile)
        {
            OwnersFile.Write(keysFile, keys.Write());
        }
    }

    /// <summary>The keys of an enrolment that was left without an answer; null where there was none.</summary>
    public AgentKeys? LeftBehind() =>
        KeysAreInAFile && !IsEnrolled && File.Exists(keysFile) ? AgentKeys.TryRead(File.ReadAllBytes(keysFile)) : null;

    /// <summary>The identity last: where it is there, all of it is.</summary>
    public void Save(EnrolmentResponse enrolment)
    {
        SaveTenantKeys(enrolment.TenantKeys);
        var identity = new Written(enrolment.AgentId, enrolment.Tenant, enrolment.TenantName, enrolment.Audience);
        OwnersFile.Write(identityFile, JsonSerializer.SerializeToUtf8Bytes(identity, WireJson.Options));
    }

    /// <summary>Leaves the folder as if no enrolment had been tried.</summary>
    public void Clear()
    {
        File.Delete(identityFile);
        if (System.IO.Directory.Exists(keysFolder))
        {
            System.IO.Directory.Delete(keysFolder, recursive: true);
        }
    }

    public void SaveTenantKeys(IReadOnlyList<SealedTenantKey> sealedKeys) =>
        OwnersFile.Write(tenantKeysFile, JsonSerializer.SerializeToUtf8Bytes(sealedKeys, WireJson.Options));

    public IReadOnlyList<SealedTenantKey> LoadTenantKeys() => Read<IReadOnlyList<SealedTenantKey>>(tenantKeysFile) ?? [];

    /// <summary>Null where this folder holds no whole identity.</summary>
    public AgentIdentity? Load()
    {
        if (Read<Written>(identityFile) is not { } identity)
        {
            return null;
        }

        var keys = FromCredential() ?? (File.Exists(keysFile) ? AgentKeys.TryRead(File.ReadAllBytes(keysFile)) : null);
        return keys is null
            ? null
            : new(identity.AgentId, new(identity.Tenant), identity.Audience, keys.Signing, keys.Encryption, keys.RelaySecret);
    }

    private static T? Read<T>(string file)
        where T : class
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), WireJson.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Written(string AgentId, int Tenant, string TenantName, string Audience);
}
