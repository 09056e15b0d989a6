using System.Diagnostics;
using Microsoft.Extensions.Localization;

namespace PortalApp.Gates.Answers;

/// <summary>What a person reads where an answer was not taken.</summary>
internal sealed class AnswerSentences(IStringLocalizer<GateTexts> texts, TimeProvider clock)
{
    /// <param name="words">With what the names of the gate's sentences begin.</param>
    /// <param name="field">The id of the field that it was answered in; null where there is none.</param>
    /// <param name="helpdesk">The tenant's, as text.</param>
    public GateProblem Of(AnswerRefusal why, string words, string? field, string helpdesk) =>
        why switch
        {
            AnswerRefusal.Missing => new(texts[$"{words}Empty"], texts[$"{words}EmptyAdvice"], field),
            AnswerRefusal.Wrong => new(texts[$"{words}Wrong"], texts[$"{words}WrongAdvice"], field),
            AnswerRefusal.TooMany(var until) => new(texts["NotComparedHeading"], Minutes(until), null),
            AnswerRefusal.AccountLimited => new(texts["NotComparedHeading"], texts["AccountLimited", helpdesk], null),
            _ => throw new UnreachableException(),
        };

    private string Minutes(DateTimeOffset until)
    {
        var minutes = Math.Max(1, (int)Math.Ceiling((until - clock.GetUtcNow()).TotalMinutes));
        return minutes == 1 ? texts["TooManyAnswersMinute"] : texts["TooManyAnswersMinutes", minutes];
    }
}
