using Microsoft.Extensions.Localization;
using PortalApp.Gates.Codes;
using PortalApp.Notifications;

namespace PortalApp.Gates.Call;

/// <summary>A code that a call says.</summary>
internal abstract class CallGate(OneTimeCodes codes, ServedChannels served, NumberRules rules, IStringLocalizer<GateTexts> texts)
    : PhoneCodeGate(codes, served, rules)
{
    protected IStringLocalizer<GateTexts> Texts => texts;

    public override CodeWords Words =>
        new(texts["CallHeading"], texts["CallGoesTo"], texts["CallGoesAgainTo"], texts["NoCallYet"], texts["CallAgain"]);

    protected override MessageChannel Channel => MessageChannel.Call;

    protected override (string? Subject, string Text) Message(GateSubject subject, string code, DateTimeOffset worksUntil) =>
        (null, texts["CallMessage", subject.TenantName, Spoken(code)]);

    /// <summary>Digit by digit: a voice says the whole as a number of millions.</summary>
    internal static string Spoken(string code) => string.Join(", ", code.AsEnumerable());
}
