using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Agents;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Tenants;

namespace PortalApp.Agents;

/// <summary>What came of an enrolment.</summary>
internal abstract record EnrolmentAnswer
{
    private EnrolmentAnswer() { }

    public sealed record Enrolled(EnrolmentResponse Response) : EnrolmentAnswer;

    /// <summary>A key that is none, one key for both uses, a hash or name of the wrong form.</summary>
    public sealed record Malformed : EnrolmentAnswer;

    /// <summary>Unknown, used or too old; one answer for the three.</summary>
    public sealed record WrongCode : EnrolmentAnswer;

    /// <summary>An agent holds one of these keys already; each makes its own.</summary>
    public sealed record KeysInUse : EnrolmentAnswer;
}

/// <summary>Takes a new agent in: code, proof of its signing key, public keys, the hash of its relay secret.</summary>
internal sealed class AgentEnrolment(
    IDbContextFactory<PortalDb> databases,
    EnrolmentCodes codes,
    TenantKeys tenantKeys,
    TenantStore tenants,
    AuditLog audit,
    BoundedAudit refusals,
    IOptions<PortalOptions> options,
    TimeProvider clock
)
{
    /// <summary>Whatever is refused changed nothing, and spent no code.</summary>
    public async Task<EnrolmentAnswer> EnrolAsync(EnrolmentRequest request, string network, CancellationToken cancellation)
    {
        if (
            EnvelopeKeys.TryReadPublicJwk(request.EncryptionKey, "enc") is not { } encryption
            || EnvelopeKeys.TryReadPublicJwk(request.SigningKey, "sig") is not { } signing
            || EnvelopeKeys.Thumbprint(encryption) == EnvelopeKeys.Thumbprint(signing)
            || !TryDecodeHash(request.RelaySecretHash, out var secretHash)
            || !EnrolledAgent.IsName(request.Name)
            || request.Version.Length > EnrolledAgent.MaxNameChars
        )
        {
            return new EnrolmentAnswer.Malformed();
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var (encryptionKid, signingKid) = (EnvelopeKeys.Thumbprint(encryption), EnvelopeKeys.Thumbprint(signing));
        if (await codes.SpendAsync(db, request.Code, cancellation) is not { } tenant)
        {
            await transaction.RollbackAsync(cancellation);
            if (await UnheardAsync(db, request.Code, encryptionKid, signingKid, secretHash, cancellation) is { } unheard)
            {
                return new EnrolmentAnswer.Enrolled(await AnswerAsync(unheard, encryption, cancellation));
            }

            await refusals.WriteAsync(new(AuditEventId.EnrolmentRefused, null, Actor.Visitor) { Network = network }, cancellation);
            return new EnrolmentAnswer.WrongCode();
        }

        if (await db.Set<AgentKey>().AnyAsync(k => k.Kid == encryptionKid || k.Kid == signingKid, cancellation))
        {
            await transaction.RollbackAsync(cancellation);
            await refusals.WriteAsync(
                new(AuditEventId.EnrolmentRefused, tenant, Actor.Visitor) { Network = network, Reason = nameof(EnrolmentAnswer.KeysInUse) },
                cancellation
            );
            return new EnrolmentAnswer.KeysInUse();
        }

        var agent = Add(db, request, tenant, secretHash, encryption, signing);
        audit.Add(
            db,
            new(AuditEventId.AgentEnrolled, tenant, Actor.Agent(agent.Id))
            {
                Subject = AuditSubject.Agent(agent.Id),
                Network = network,
                Detail = AgentStore.FingerprintOf(agent),
            }
        );
        await db.SaveChangesAsync(cancellation);
        await EnrolmentCodes.TookInAsync(db, request.Code, agent.Id, cancellation);
        await transaction.CommitAsync(cancellation);
        return new EnrolmentAnswer.Enrolled(await AnswerAsync(agent, encryption, cancellation));
    }

    /// <summary>The tenant's keys, each sealed to one agent.</summary>
    public async Task<IReadOnlyList<SealedTenantKey>> SealKeysAsync(
        TenantId tenant,
        ECParameters agent,
        CancellationToken cancellation,
        int newest = 1
    ) =>
        [
            .. (await tenantKeys.OpenAsync(tenant, cancellation, newest)).Select(k => new SealedTenantKey(
                k.Generation,
                EnvelopeKeys.SealTenantKey(k, agent)
            )),
        ];

    /// <summary>
    /// The agent that this code took in and that never said a word since: its answer was lost, and it asks again with the same code, keys and
    /// secret (the call is signed by the key).
    /// </summary>
    private static async Task<EnrolledAgent?> UnheardAsync(
        PortalDb db,
        string code,
        string encryptionKid,
        string signingKid,
        byte[] secretHash,
        CancellationToken cancellation
    ) =>
        await EnrolmentCodes.SpentOfAsync(db, code, cancellation) is { } tenant
            ? await db.Set<EnrolledAgent>()
                .AsNoTracking()
                .Where(a =>
                    a.Tenant == tenant
                    && a.RevokedAt == null
                    && a.LastHelloAt == null
                    && a.RelaySecretHash == secretHash
                    && a.Keys.Any(k => k.Kid == encryptionKid && k.Use == AgentKeyUse.Encryption)
                    && a.Keys.Any(k => k.Kid == signingKid && k.Use == AgentKeyUse.Signing)
                )
                .SingleOrDefaultAsync(cancellation)
            : null;

    private EnrolledAgent Add(
        PortalDb db,
        EnrolmentRequest request,
        TenantId tenant,
        byte[] secretHash,
        ECParameters encryption,
        ECParameters signing
    )
    {
        var now = clock.GetUtcNow();
        var agent = new EnrolledAgent
        {
            Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            Tenant = tenant,
            Name = request.Name,
            RelaySecretHash = secretHash,
            Version = request.Version,
            EnrolledAt = now,
        };
        agent.Keys.Add(KeyOf(agent, AgentKeyUse.Encryption, encryption, now));
        agent.Keys.Add(KeyOf(agent, AgentKeyUse.Signing, signing, now));
        db.Add(agent);
        return agent;
    }

    private static AgentKey KeyOf(EnrolledAgent agent, AgentKeyUse use, ECParameters key, DateTimeOffset now) =>
        new()
        {
            Kid = EnvelopeKeys.Thumbprint(key),
            AgentId = agent.Id,
            Tenant = agent.Tenant,
            Use = use,
            Generation = 1,
            Jwk = EnvelopeKeys.PublicJwk(key, AgentKeyReader.UseOf(use)).GetRawText(),
            NotBefore = now,
        };

    private async Task<EnrolmentResponse> AnswerAsync(EnrolledAgent agent, ECParameters encryption, CancellationToken cancellation)
    {
        var tenant = await tenants.FindAsync(agent.Tenant, cancellation);
        return new EnrolmentResponse(
            agent.Id,
            agent.Tenant.Value,
            tenant!.Name,
            options.Value.Origin,
            await SealKeysAsync(agent.Tenant, encryption, cancellation)
        );
    }

    private static bool TryDecodeHash(string encoded, out byte[] hash)
    {
        hash = new byte[32];
        return encoded.Length == 43 && Base64Url.TryDecodeFromChars(encoded, hash, out var written) && written == 32;
    }
}
