using Microsoft.Extensions.Localization;
using Portal.Contacts;
using PortalApp.Gates.Call;
using PortalApp.Notifications;

namespace PortalApp.Gates.Codes;

/// <summary>Sends a code by text or call to a number, for a purpose beside a gate such as the number's registration.</summary>
internal sealed class PhoneCodes(
    OneTimeCodes codes,
    NumberRules rules,
    ServedChannels served,
    CodeSentences sentences,
    IStringLocalizer<GateTexts> texts
)
{
    public bool Serves(MessageChannel channel) => served.Contains(channel);

    /// <param name="channel">Text or call.</param>
    /// <param name="userId">The account, which a text names.</param>
    /// <param name="helpdesk">The tenant's, as text.</param>
    /// <returns>Refused as <see cref="CodeRefusal.NotServed"/> for a number that is not texted or called, before anything is sent.</returns>
    public async Task<GateBeginning> SendAsync(
        CodeUse use,
        MessageChannel channel,
        PhoneNumber number,
        string tenantName,
        string userId,
        string helpdesk,
        CancellationToken cancellation
    )
    {
        var countries = await rules.CountriesAsync(use.Tenant, cancellation);
        if (
            !served.Contains(channel)
            || NumberRules.Refuses(countries, channel, number) is { } why && await AlarmAsync(use, why, cancellation)
        )
        {
            return new GateBeginning.Refused(new CodeRefusal.NotServed());
        }

        return await codes.IssueAsync(
            use,
            Address(channel, number),
            (code, worksUntil) => (null, Message(channel, code, worksUntil, tenantName, userId, helpdesk)),
            cancellation
        );
    }

    public Task<CodeStanding> StandingAsync(CodeUse use, MessageChannel channel, PhoneNumber number, CancellationToken cancellation) =>
        codes.StandingAsync(use, Address(channel, number), cancellation);

    public Task<GateAnswer> AnswerAsync(
        CodeUse use,
        MessageChannel channel,
        PhoneNumber number,
        string typed,
        CancellationToken cancellation
    ) => codes.AnswerAsync(use, Address(channel, number), typed, cancellation);

    private string Message(
        MessageChannel channel,
        string code,
        DateTimeOffset worksUntil,
        string tenantName,
        string userId,
        string helpdesk
    ) =>
        channel == MessageChannel.Call
            ? texts["CallMessage", tenantName, CallGate.Spoken(code)]
            : texts["TextMessage", tenantName, code, sentences.Works(worksUntil), userId, helpdesk];

    private async Task<bool> AlarmAsync(CodeUse use, string why, CancellationToken cancellation)
    {
        await rules.AlarmAsync(use.Tenant, use.Subject, why, cancellation);
        return true;
    }

    private static CodeAddress Address(MessageChannel channel, PhoneNumber number) => new(channel, number.WithoutExtension);
}
