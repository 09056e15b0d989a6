using System.Diagnostics;
using PortalApp.Throttle.Failures;

namespace PortalApp.Gates.Questions;

/// <summary>Why answers were not taken. Closed: the cases below.</summary>
internal abstract record QuestionRefusal : GateRefusal
{
    private QuestionRefusal() { }

    /// <summary>Not every question was answered; nothing was compared.</summary>
    public sealed record Missing : QuestionRefusal;

    /// <summary>Not all are right; which is not said.</summary>
    public sealed record Wrong : QuestionRefusal;

    /// <summary>Other questions are asked by now; nothing was compared.</summary>
    public sealed record OtherQuestions : QuestionRefusal;

    /// <summary>From here no more is compared before <paramref name="Until"/>.</summary>
    public sealed record PlaceLimited(DateTimeOffset Until) : QuestionRefusal;

    /// <summary>For this person nothing is compared from where nobody knows them.</summary>
    public sealed record AccountLimited : QuestionRefusal
    {
        public override bool IsOfThePerson => true;
    }

    /// <summary>Null where an answer may be compared.</summary>
    public static QuestionRefusal? Of(FailureVerdict verdict) =>
        verdict switch
        {
            FailureVerdict.Allowed => null,
            FailureVerdict.PlaceLimited place => new PlaceLimited(place.Until),
            FailureVerdict.PersonLimited => new AccountLimited(),
            _ => throw new UnreachableException(),
        };

    /// <summary>What the page's address says was refused, with what hinders now; null where it is said no more.</summary>
    public static QuestionRefusal? Recall(string? name, QuestionRefusal? hindrance) =>
        hindrance
        ?? name switch
        {
            nameof(Missing) => new Missing(),
            nameof(Wrong) => new Wrong(),
            nameof(OtherQuestions) => new OtherQuestions(),
            _ => null,
        };
}
