using Microsoft.Extensions.Localization;
using Portal.Tenants;
using PortalApp.Authenticators;
using PortalApp.Authenticators.Apps;
using PortalApp.Data;
using PortalApp.Gates.Answers;
using PortalApp.Secrets;

namespace PortalApp.Gates.AuthenticatorApp;

/// <summary>A code of the authenticator app that the person has set up for resets (RFC 6238).</summary>
internal sealed class AuthenticatorAppGate(AuthenticatorApps apps, AnswerTries tries, PortalKeys keys, IStringLocalizer<GateTexts> texts)
    : TypedGate(tries, keys)
{
    public override GateMethod Method => GateMethod.AuthenticatorApp;

    public override ProofKind Kind => ProofKind.OneTimePassword;

    public override string Words => "App";

    public override bool IsOfDigits => true;

    public override string Offer(GateHolding holding) => texts["OfferAuthenticatorApp"];

    protected override IQueryable<string> Holders(PortalDb db, TenantId tenant) =>
        AuthenticatorApps.Holders(db, tenant, AuthenticatorUse.Reset);

    protected override Task<IReadOnlyList<AuthenticatorHeld>> FindAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        apps.HeldByAsync(ids, cancellation);

    protected override string? Read(string typed) => Totp.Read(typed);

    protected override Task<bool> IsRightAsync(string userId, string read, CancellationToken cancellation) =>
        apps.UseAsync(userId, AuthenticatorUse.Reset, read, cancellation);
}
