using Portal.Tenants;
using PortalApp.Authenticators;
using PortalApp.Data;
using PortalApp.Secrets;

namespace PortalApp.Gates.Answers;

/// <summary>A gate that is passed with something the person has registered for resets, and that nothing is sent for.</summary>
internal abstract class OwnedGate(PortalKeys keys) : IGate
{
    public abstract GateMethod Method { get; }

    public abstract ProofKind Kind { get; }

    public abstract Type Question { get; }

    public abstract string Offer(GateHolding holding);

    /// <summary>What these people have of it, for resets and for the sign-in.</summary>
    protected abstract Task<IReadOnlyList<AuthenticatorHeld>> FindAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation);

    protected abstract IQueryable<string> Holders(PortalDb db, TenantId tenant);

    public Task<IQueryable<string>> HoldersAsync(PortalDb db, TenantId tenant, CancellationToken cancellation) =>
        Task.FromResult(Holders(db, tenant));

    public abstract Task<GateBeginning> BeginAsync(GateSubject subject, bool anew, CancellationToken cancellation);

    public abstract Task<GateAnswer> AnswerAsync(GateSubject subject, IFormCollection form, CancellationToken cancellation);

    public async Task<IReadOnlyDictionary<string, GateHolding>> HeldByAsync(
        IReadOnlyCollection<GatePerson> people,
        CancellationToken cancellation
    )
    {
        var held = await FindAsync([.. people.Select(p => p.Subject)], cancellation);
        var tenants = people.ToDictionary(p => p.Subject, p => p.Tenant);
        var factors = held.Where(h => h.Use == AuthenticatorUse.SignIn).Select(h => h.UserId).ToHashSet();
        return held.Where(h => h.Use == AuthenticatorUse.Reset)
            .ToDictionary(
                h => h.UserId,
                h => new GateHolding(
                    Method,
                    null,
                    FieldMac.Of(keys.Code, "held", Method.ToString(), tenants[h.UserId].ToString(), h.UserId, h.Basis)
                )
                {
                    IsUsedUp = h.IsUsedUp,
                    IsSecondFactor = factors.Contains(h.UserId),
                }
            );
    }
}
