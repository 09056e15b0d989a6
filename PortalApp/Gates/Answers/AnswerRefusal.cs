using PortalApp.Throttle.Failures;

namespace PortalApp.Gates.Answers;

/// <summary>Why what was answered with something of one's own was not taken. Closed: the cases below.</summary>
internal abstract record AnswerRefusal : GateRefusal
{
    private AnswerRefusal() { }

    /// <summary>Nothing was answered; nothing was compared.</summary>
    public sealed record Missing : AnswerRefusal;

    /// <summary>Not right, or used before.</summary>
    public sealed record Wrong : AnswerRefusal;

    /// <summary>From here as much was answered wrong as may be; again at <paramref name="Until"/>. That locks nobody else out.</summary>
    public sealed record TooMany(DateTimeOffset Until) : AnswerRefusal;

    /// <summary>For this person nothing more is compared from where nobody knows them; the helpdesk lifts it.</summary>
    public sealed record AccountLimited : AnswerRefusal
    {
        public override bool IsOfThePerson => true;
    }

    /// <summary>Null where one more may be compared.</summary>
    public static AnswerRefusal? Of(FailureVerdict verdict) =>
        verdict switch
        {
            FailureVerdict.PlaceLimited place => new TooMany(place.Until),
            FailureVerdict.PersonLimited => new AccountLimited(),
            _ => null,
        };

    /// <summary>What the page's address says was refused; null where it is said no more.</summary>
    /// <param name="hindrance">Why nothing is compared now; it is said whatever the address says.</param>
    public static AnswerRefusal? Recall(string? name, AnswerRefusal? hindrance) =>
        hindrance
        ?? name switch
        {
            nameof(Missing) => new Missing(),
            nameof(Wrong) => new Wrong(),
            _ => null,
        };
}
