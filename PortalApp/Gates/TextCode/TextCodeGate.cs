using Microsoft.Extensions.Localization;
using Portal.Contacts;
using PortalApp.Gates.Codes;
using PortalApp.Notifications;

namespace PortalApp.Gates.TextCode;

/// <summary>A code by text to the mobile phone (M25).</summary>
internal sealed class TextCodeGate(
    OneTimeCodes codes,
    ServedChannels served,
    NumberRules rules,
    CodeSentences sentences,
    IStringLocalizer<GateTexts> texts
) : PhoneCodeGate(codes, served, rules)
{
    public override GateMethod Method => GateMethod.MobilePhoneText;

    public override CodeWords Words =>
        new(texts["TextHeading"], texts["CodeWentTo"], texts["CodeWentAgainTo"], texts["NoTextYet"], texts["SendNewCode"]);

    protected override MessageChannel Channel => MessageChannel.Sms;

    public override string Offer(GateHolding holding) => texts["OfferMobileText", holding.Mask!];

    protected override PhoneNumber? NumberOf(ContactData contacts) => contacts.Mobile;

    protected override IReadOnlyList<ContactField> Fields { get; } = [ContactField.AuthenticationPhone, ContactField.MobilePhone];

    protected override (string? Subject, string Text) Message(GateSubject subject, string code, DateTimeOffset worksUntil) =>
        (null, texts["TextMessage", subject.TenantName, code, sentences.Works(worksUntil), subject.UserId, subject.Helpdesk]);
}
