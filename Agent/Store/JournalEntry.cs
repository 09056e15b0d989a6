using Portal.Writeback;

namespace Agent.Store;

/// <summary>What the agent is about to do, on disk before it does it.</summary>
/// <param name="Server">The controller that the modify goes to.</param>
/// <param name="InvocationId">Of that controller; null when it may not be read.</param>
/// <param name="WritesBefore">The write counter, before the modify, of what it writes; null when it may not be read.</param>
/// <param name="DirectoryTime">By that controller's clock.</param>
/// <param name="KeepsPassword">The lock alone is written.</param>
internal sealed record Intent(
    RequestId Id,
    Guid ObjectGuid,
    string Server,
    Guid? InvocationId,
    uint? WritesBefore,
    bool Unlocks,
    DateTimeOffset At,
    DateTimeOffset DirectoryTime,
    bool KeepsPassword = false
);

/// <param name="Intent">Null: ended before it came to one.</param>
/// <param name="Result">Null: not ended, or the agent was cut off before it could say.</param>
internal sealed record JournalEntry(RequestId Id, Intent? Intent, WritebackResult? Result, bool Reported);
