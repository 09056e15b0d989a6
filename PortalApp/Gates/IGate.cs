using Portal.Contacts;

namespace PortalApp.Gates;

/// <summary>
/// One way to prove who one is. A decoy walks through the same code and leaves the same rows; nothing that it answers, and no time that it
/// takes, tells it from a real account, and it never passes.
/// </summary>
internal interface IGate
{
    GateMethod Method { get; }

    /// <summary>The data holds what this gate needs.</summary>
    bool IsUsable(ContactData contacts);

    /// <summary>Sends a new code and voids the older one of this flow (H38).</summary>
    Task<GateChallenge> ChallengeAsync(GateSubject subject, CancellationToken cancellation);

    /// <summary>What the page shows on a reload; sends and changes nothing. Null when no code was sent in this flow, or the newest was used or ran out.</summary>
    Task<GateChallengeState?> CurrentAsync(GateSubject subject, CancellationToken cancellation);

    /// <summary>Compares what was typed; five times a code at most, also when asked in parallel (H11).</summary>
    Task<GateAnswer> AnswerAsync(GateSubject subject, string typed, CancellationToken cancellation);

    /// <summary>
    /// A keyed hash of the address that this gate uses for the subject now. Kept with a passed gate and compared later: another value means
    /// that the address was changed meanwhile and the gate is void (H30). 32 bytes.
    /// </summary>
    byte[] AddressMac(GateSubject subject);
}
