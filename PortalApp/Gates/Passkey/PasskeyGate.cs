using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Tenants;
using PortalApp.Authenticators;
using PortalApp.Authenticators.Passkeys;
using PortalApp.Data;
using PortalApp.Gates.Answers;
using PortalApp.Secrets;

namespace PortalApp.Gates.Passkey;

/// <summary>A passkey that the person has added for resets: their device checks that it is them, and signs.</summary>
internal sealed class PasskeyGate(
    PasskeyStore passkeys,
    PasskeyCeremonies ceremonies,
    AnswerTries tries,
    PortalKeys keys,
    IStringLocalizer<GateTexts> texts
) : OwnedGate(keys)
{
    /// <summary>The form's one field, which the page's script fills in.</summary>
    public const string Field = "credential";

    public override GateMethod Method => GateMethod.Passkey;

    public override ProofKind Kind => ProofKind.Cryptographic;

    public override Type Question => typeof(PasskeyQuestion);

    public override string Offer(GateHolding holding) => texts["OfferPasskey"];

    protected override IQueryable<string> Holders(PortalDb db, TenantId tenant) => PasskeyStore.Holders(db, tenant, AuthenticatorUse.Reset);

    /// <summary>What the browser is asked, as JSON; null where nothing is.</summary>
    public Task<string?> AskedAsync(GateSubject subject, CancellationToken cancellation) =>
        ceremonies.FindAsync(Owner(subject), cancellation);

    /// <summary>The question stands until it is answered, so that a second tab does not take it from the first.</summary>
    public override async Task<GateBeginning> BeginAsync(GateSubject subject, bool anew, CancellationToken cancellation)
    {
        await ceremonies.AskAsync(subject.Person.Tenant, Owner(subject), subject.FlowEnds, cancellation);
        return new GateBeginning.Begun();
    }

    /// <summary>Whatever comes of it, another question stands afterwards.</summary>
    public override async Task<GateAnswer> AnswerAsync(GateSubject subject, IFormCollection form, CancellationToken cancellation)
    {
        var credential = form[Field].ToString();
        if (credential.Length == 0)
        {
            return new GateAnswer.Refused(new AnswerRefusal.Missing());
        }

        var whom = new PasskeyOwner(subject.Person.Subject, AuthenticatorUse.Reset);
        var answer = await tries.JudgeAsync(
            subject,
            Method,
            credential,
            () => ceremonies.IsRightAsync(whom, Owner(subject), credential, cancellation),
            cancellation
        );
        if (answer is GateAnswer.Refused)
        {
            await BeginAsync(subject, anew: true, cancellation);
        }

        return answer;
    }

    protected override Task<IReadOnlyList<AuthenticatorHeld>> FindAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        passkeys.HeldByAsync(ids, cancellation);

    private static string Owner(GateSubject subject) => $"flow/{subject.Flow.ToString(CultureInfo.InvariantCulture)}";
}
