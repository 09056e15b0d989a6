using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Gates.EmailCode;
using PortalApp.Helpdesk.Actions;
using PortalApp.Notifications;
using PortalApp.Users;

namespace PortalApp.Helpdesk.Callers;

/// <summary>Where a code or a link reaches a person.</summary>
/// <param name="Mask">What whoever helps sees of it.</param>
internal sealed record Reach(GateMethod Method, CodeAddress Address, string Mask);

/// <summary>By mail; where none is held, by text to the mobile phone, if the policy has texts and the number is one that is texted.</summary>
internal sealed class PersonReach(HelpTerms terms, ServedChannels served, NumberRules numbers)
{
    /// <summary>Null where nothing reaches the person.</summary>
    public async Task<Reach?> OfAsync(User whom, CancellationToken cancellation)
    {
        var contacts = whom.ToContactData();
        return contacts.AlternateEmail is { } mail
                ? new(GateMethod.AlternateEmail, new(MessageChannel.Email, mail.Value), EmailMask.OfDomain(mail.Domain))
            : contacts.Mobile is { } mobile
            && await AreTextedAsync(whom, cancellation)
            && NumberRules.Refuses(await numbers.CountriesAsync(whom.Tenant, cancellation), MessageChannel.Sms, mobile) is null
                ? new(GateMethod.MobilePhoneText, new(MessageChannel.Sms, mobile.WithoutExtension), PhoneMask.Of(mobile))
            : null;
    }

    private async Task<bool> AreTextedAsync(User whom, CancellationToken cancellation) =>
        served.Contains(MessageChannel.Sms) && (await terms.OfAsync(whom, cancellation)).Methods.Contains(GateMethod.MobilePhoneText);
}
