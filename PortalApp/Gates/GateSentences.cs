using System.Diagnostics;
using Microsoft.Extensions.Localization;

namespace PortalApp.Gates;

/// <summary>What a person reads of a gate, on the page and in the mail.</summary>
internal sealed class GateSentences(IStringLocalizer<GateTexts> texts, TimeProvider clock)
{
    /// <summary>Why nothing was compared or sent, and what to do; for a limit, when it works again.</summary>
    public string Blocked(GateBlock why) =>
        why switch
        {
            GateBlock.NoCode => texts["NoCode"],
            GateBlock.TriesUsed => texts["TriesUsed"],
            GateBlock.TooManyCodes limit => Minutes("TooManyCodesMinute", "TooManyCodesMinutes", limit.Until),
            _ => throw new UnreachableException(),
        };

    public string MailSubject(GateSubject subject) => texts["MailSubject", subject.TenantName];

    public string MailText(GateSubject subject, string code, DateTimeOffset worksUntil) =>
        texts["MailText", subject.TenantName, code, Minutes("WorksMinute", "WorksMinutes", worksUntil), subject.Helpdesk];

    private string Minutes(string one, string several, DateTimeOffset until)
    {
        var minutes = Math.Max(1, (int)Math.Ceiling((until - clock.GetUtcNow()).TotalMinutes));
        return minutes == 1 ? texts[one] : texts[several, minutes];
    }
}
