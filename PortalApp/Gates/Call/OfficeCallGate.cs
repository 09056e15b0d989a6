using Microsoft.Extensions.Localization;
using Portal.Contacts;
using PortalApp.Gates.Codes;
using PortalApp.Notifications;

namespace PortalApp.Gates.Call;

/// <summary>A call to the office phone (M24), which is never texted.</summary>
internal sealed class OfficeCallGate(OneTimeCodes codes, ServedChannels served, NumberRules rules, IStringLocalizer<GateTexts> texts)
    : CallGate(codes, served, rules, texts)
{
    public override GateMethod Method => GateMethod.OfficePhoneCall;

    public override string Offer(GateHolding holding) => Texts["OfferOfficeCall", holding.Mask!];

    protected override PhoneNumber? NumberOf(ContactData contacts) => contacts.Office;

    protected override IReadOnlyList<ContactField> Fields { get; } = [ContactField.PhoneNumber];
}
