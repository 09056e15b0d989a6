using Microsoft.Extensions.Localization;
using Portal.Contacts;
using PortalApp.Gates.Codes;
using PortalApp.Notifications;

namespace PortalApp.Gates.Call;

/// <summary>A call to the mobile phone (M25).</summary>
internal sealed class MobileCallGate(OneTimeCodes codes, ServedChannels served, NumberRules rules, IStringLocalizer<GateTexts> texts)
    : CallGate(codes, served, rules, texts)
{
    public override GateMethod Method => GateMethod.MobilePhoneCall;

    public override string Offer(GateHolding holding) => Texts["OfferMobileCall", holding.Mask!];

    protected override PhoneNumber? NumberOf(ContactData contacts) => contacts.Mobile;

    protected override IReadOnlyList<ContactField> Fields { get; } = [ContactField.AuthenticationPhone, ContactField.MobilePhone];
}
