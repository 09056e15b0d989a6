using Portal.Tenants;
using PortalApp.Notifications;
using PortalApp.Throttle;

namespace PortalApp.Gates.Codes;

/// <summary>What a code is sent for. Stored by number: never renumber.</summary>
internal enum CodePurpose
{
    Flow = 1,
    Registration = 2,
    CallerCheck = 3,
}

/// <summary>What a code is good for: one owner, one method, one subject, and nothing else (H25, H41).</summary>
/// <param name="Owner">The id of the flow, registration or check.</param>
/// <param name="Subject">The user's id or the decoy's key: what is counted against the limits, over all owners.</param>
/// <param name="Ends">The owner's end, which no code outlives.</param>
/// <param name="Caller">Who asks for it and types it, from where.</param>
/// <param name="Tries">Where fewer are compared than usual.</param>
internal sealed record CodeUse(
    TenantId Tenant,
    CodePurpose Purpose,
    string Owner,
    GateMethod Method,
    string Subject,
    DateTimeOffset Ends,
    Caller Caller,
    int? Tries = null
);

/// <summary>Where a code goes.</summary>
/// <param name="IsDecoy">Written, counted and compared like any other; never delivered to, and no code to it is ever right.</param>
internal sealed record CodeAddress(MessageChannel Channel, string Value, bool IsDecoy = false)
{
    /// <summary>One that nothing can reach (RFC 2606).</summary>
    public static CodeAddress OfDecoy(MessageChannel channel, string subject) => new(channel, $"{subject}@decoy.invalid", IsDecoy: true);

    /// <summary>One mailbox or phone, however it is written.</summary>
    public string Normalised => Value.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
}

/// <summary>The code that works now.</summary>
/// <param name="WorksUntil">The first instant at which it is refused.</param>
/// <param name="TriesLeft">0–5.</param>
internal sealed record CodeState(DateTimeOffset WorksUntil, int TriesLeft);

/// <summary>What can be done at this moment.</summary>
/// <param name="Newest">Null where no code can be typed.</param>
/// <param name="Hindrance">Why no other code can be asked for; null where one can.</param>
internal sealed record CodeStanding(CodeState? Newest, CodeRefusal? Hindrance);
