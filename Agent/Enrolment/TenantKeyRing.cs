using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.Relay.Envelopes;

namespace Agent.Enrolment;

/// <summary>What requests are opened with now; each hello of the portal may bring other generations.</summary>
internal sealed class TenantKeyRing
{
    private readonly AgentIdentity identity;
    private readonly IdentityStore store;
    private readonly ILogger<TenantKeyRing> logger;
    private volatile IReadOnlyList<int> generations = [];
    private volatile EnvelopeRing current;

    public TenantKeyRing(AgentIdentity identity, IdentityStore store, ILogger<TenantKeyRing> logger)
    {
        this.identity = identity;
        this.store = store;
        this.logger = logger;
        current = new(identity.Tenant, identity.EncryptionKey, []);
        _ = Take(store.LoadTenantKeys());
    }

    public EnvelopeRing Current => current;

    /// <summary>Of the keys at hand, ascending.</summary>
    public IReadOnlyList<int> Generations => generations;

    /// <summary>The portal's answer to a hello; kept for the next start when it brought other generations. It brings none where those at hand are the valid ones.</summary>
    public void Update(HelloResponse hello)
    {
        if (hello.Tenant != identity.Tenant.Value)
        {
            logger.OtherTenant(hello.Tenant);
            return;
        }

        if (
            hello.TenantKeys.Count > 0
            && !hello.TenantKeys.Select(key => key.Generation).Order().SequenceEqual(generations)
            && Take(hello.TenantKeys)
        )
        {
            store.SaveTenantKeys(hello.TenantKeys);
            logger.KeysChanged(string.Join(", ", generations));
        }
    }

    private bool Take(IReadOnlyList<SealedTenantKey> sealedKeys)
    {
        var opened = sealedKeys
            .Select(key => EnvelopeKeys.TryOpenTenantKey(key.Generation, key.Jwe, identity.EncryptionKey))
            .OfType<TenantKey>()
            .ToList();
        if (opened.Count == 0 || opened.Count != sealedKeys.Count)
        {
            logger.KeysNotOpened();
            return false;
        }

        generations = [.. opened.Select(key => key.Generation).Order()];
        current = new(identity.Tenant, identity.EncryptionKey, opened);
        return true;
    }
}
