using System.Diagnostics;
using Microsoft.Extensions.Localization;
using PortalApp.Notifications;

namespace PortalApp.Gates.Codes;

/// <summary>What a person reads of a code, on the page and in the message.</summary>
internal sealed class CodeSentences(IStringLocalizer<GateTexts> texts, TimeProvider clock)
{
    /// <summary>What went wrong, what to do, and what stands at the field; for a limit, when it works again, and nothing at the field.</summary>
    /// <param name="helpdesk">The tenant's, as text.</param>
    public (string Heading, string Advice, string? AtField) Of(CodeRefusal why, string helpdesk) =>
        why switch
        {
            CodeRefusal.Missing => (texts["CodeEmpty"], texts["CodeEmptyAdvice"], texts["CodeEmptyAdvice"]),
            CodeRefusal.Wrong(var left) => (texts["CodeWrong"], texts[left > 0 ? "CodeAdvice" : "CodeTried"], Left(left)),
            CodeRefusal.NoCode => (texts["NoCodeHeading"], texts["NoCode"], texts["NoCode"]),
            CodeRefusal.TriesUsed => (texts["NoCodeHeading"], texts["TriesUsed"], texts["TriesUsed"]),
            CodeRefusal.Undelivered or CodeRefusal.NotServed => (Undelivered(why), Hindered(why, helpdesk), null),
            CodeRefusal.TooSoon or CodeRefusal.NoMoreHere or CodeRefusal.TooManyCodes or CodeRefusal.AccountLimited => (
                texts["NoCodeSentHeading"],
                Hindered(why, helpdesk),
                null
            ),
            _ => throw new UnreachableException(),
        };

    /// <summary>Why no other code can be asked for, and from when it can.</summary>
    public string Hindered(CodeRefusal why, string helpdesk) =>
        why switch
        {
            CodeRefusal.TooSoon => texts["TooSoon"],
            CodeRefusal.NoMoreHere => texts["NoMoreCodes"],
            CodeRefusal.TooManyCodes(var until) => Minutes("TooManyCodesMinute", "TooManyCodesMinutes", until),
            CodeRefusal.AccountLimited => texts["AccountLimited", helpdesk],
            CodeRefusal.Undelivered or CodeRefusal.NotServed => texts["UndeliveredAdvice", helpdesk],
            _ => throw new UnreachableException(),
        };

    /// <summary>How long a code works, such as "It works once, within the next 10 minutes."</summary>
    public string Works(DateTimeOffset until) => Minutes("WorksMinute", "WorksMinutes", until);

    private string Undelivered(CodeRefusal why) =>
        texts[why is CodeRefusal.Undelivered { Why: AddressFaultReason.TakesNoTexts } ? "TakesNoTexts" : "NumberNotReached"];

    private string Left(int tries) =>
        tries switch
        {
            0 => texts["TriesNone"],
            1 => texts["TriesOne"],
            _ => texts["TriesSeveral", tries],
        };

    private string Minutes(string one, string several, DateTimeOffset until)
    {
        var minutes = Math.Max(1, (int)Math.Ceiling((until - clock.GetUtcNow()).TotalMinutes));
        return minutes == 1 ? texts[one] : texts[several, minutes];
    }
}
