using Portal.Writeback;
using PortalApp.Helpdesk.Actions;

namespace PortalApp.Helpdesk.TemporaryPasswords;

/// <summary>What came of a step towards a temporary password. Closed: the cases below.</summary>
internal abstract record TemporaryAnswer
{
    private TemporaryAnswer() { }

    public sealed record Refused(HelpdeskRefusal Why) : TemporaryAnswer;

    /// <summary>The directory takes one; nothing is set yet.</summary>
    public sealed record May(WritebackResult.Settable Found) : TemporaryAnswer;

    /// <summary>Another request for the account is open.</summary>
    public sealed record Busy : TemporaryAnswer;

    /// <summary>Somebody has set one a moment ago: whoever presses now would take it away.</summary>
    public sealed record JustSet : TemporaryAnswer;

    /// <summary>The old password stands.</summary>
    /// <param name="Why">Null where nobody answered.</param>
    public sealed record NotSet(WritebackReason? Why) : TemporaryAnswer;

    /// <summary>It may be set or not: shown all the same, since nobody else will learn it.</summary>
    public sealed record MayBeSet(GeneratedPassword Password) : TemporaryAnswer;

    /// <param name="StaysLocked">The account is locked, and the agent may not end that.</param>
    public sealed record Set(GeneratedPassword Password, bool StaysLocked) : TemporaryAnswer;
}
