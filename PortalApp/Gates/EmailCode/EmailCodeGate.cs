using Microsoft.Extensions.Localization;
using Portal.Contacts;
using PortalApp.Gates.Codes;
using PortalApp.Notifications;

namespace PortalApp.Gates.EmailCode;

/// <summary>A code by e-mail to the alternate address.</summary>
internal sealed class EmailCodeGate(OneTimeCodes codes, CodeSentences sentences, IStringLocalizer<GateTexts> texts) : CodeGate(codes)
{
    public override GateMethod Method => GateMethod.AlternateEmail;

    public override CodeWords Words =>
        new(texts["CodeHeading"], texts["CodeWentTo"], texts["CodeWentAgainTo"], texts["NoMailYet"], texts["SendNewCode"]);

    protected override MessageChannel Channel => MessageChannel.Email;

    public override string Offer(GateHolding holding) => texts["OfferAlternateEmail", holding.Mask!];

    protected override (string Address, string Mask)? Find(ContactData contacts) =>
        contacts.AlternateEmail is { } email ? (email.Value, EmailMask.OfDomain(email.Domain)) : null;

    protected override IReadOnlyList<ContactField> Fields { get; } =
    [ContactField.AuthenticationEmail, ContactField.AlternateEmailAddresses];

    protected override (string? Subject, string Text) Message(GateSubject subject, string code, DateTimeOffset worksUntil) =>
        (
            texts["MailSubject", subject.TenantName],
            texts[
                subject.Purpose == CodePurpose.Registration ? "MailTextRegistration" : "MailText",
                subject.TenantName,
                code,
                sentences.Works(worksUntil),
                subject.Helpdesk,
                subject.UserId
            ]
        );
}
