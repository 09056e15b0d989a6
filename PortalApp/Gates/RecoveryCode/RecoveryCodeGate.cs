using Microsoft.Extensions.Localization;
using Portal.Tenants;
using PortalApp.Authenticators;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.Data;
using PortalApp.Gates.Answers;
using PortalApp.Secrets;

namespace PortalApp.Gates.RecoveryCode;

/// <summary>One of the codes that the person has written down for resets; each works once.</summary>
internal sealed class RecoveryCodeGate(RecoveryCodeLists codes, AnswerTries tries, PortalKeys keys, IStringLocalizer<GateTexts> texts)
    : TypedGate(tries, keys)
{
    public override GateMethod Method => GateMethod.RecoveryCode;

    public override ProofKind Kind => ProofKind.SavedCode;

    public override string Words => "Recovery";

    public override bool IsOfDigits => false;

    public override string Offer(GateHolding holding) => texts["OfferRecoveryCode"];

    protected override IQueryable<string> Holders(PortalDb db, TenantId tenant) =>
        RecoveryCodeLists.Holders(db, tenant, AuthenticatorUse.Reset);

    protected override Task<IReadOnlyList<AuthenticatorHeld>> FindAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        codes.HeldByAsync(ids, cancellation);

    protected override string? Read(string typed) => RecoveryCodeLists.Read(typed);

    protected override Task<bool> IsRightAsync(string userId, string read, CancellationToken cancellation) =>
        codes.UseAsync(userId, AuthenticatorUse.Reset, read, cancellation);
}
