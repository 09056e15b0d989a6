using System.Diagnostics;
using PortalApp.Data;

namespace PortalApp.Audit;

/// <summary>What came of a change. Closed: the four cases below; each but the first changed nothing.</summary>
internal abstract record ChangeOutcome<T>
{
    private ChangeOutcome() { }

    public sealed record Done(T Value) : ChangeOutcome<T>;

    public sealed record Wrong(IReadOnlyList<FieldError> Errors) : ChangeOutcome<T>
    {
        public Wrong(string field, Fault fault, params object[] arguments)
            : this([new(field, fault, arguments)]) { }
    }

    /// <summary>Somebody changed the same after the caller had looked at it.</summary>
    public sealed record ChangedMeanwhile(Actor By, DateTimeOffset At) : ChangeOutcome<T>;

    public sealed record NotThere : ChangeOutcome<T>;

    /// <summary>The same refusal, of a larger change that this one was a part of.</summary>
    public ChangeOutcome<TWhole> Refused<TWhole>() =>
        this switch
        {
            Wrong wrong => new ChangeOutcome<TWhole>.Wrong(wrong.Errors),
            ChangedMeanwhile meanwhile => new ChangeOutcome<TWhole>.ChangedMeanwhile(meanwhile.By, meanwhile.At),
            NotThere => new ChangeOutcome<TWhole>.NotThere(),
            _ => throw new UnreachableException(),
        };
}
