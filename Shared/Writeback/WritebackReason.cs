namespace Portal.Writeback;

/// <summary>
/// Every reason why a password was not set, by its stable number. Where the field has a number that administrators have alerts on, it is that
/// one (32000–33009, those of Microsoft Entra password writeback); the portal's own are 34000–34999.
/// </summary>
public enum WritebackReason
{
    None = 0,

    /// <summary>The agent met a fault of its own (its disk, its journal).</summary>
    AgentFault = 32001,
    UnknownDirectoryError = 33001,
    NotFoundOnPremises = 33002,
    SeveralMatches = 33003,

    /// <summary>One of the directory's protected accounts (M8).</summary>
    Protected = 33004,
    Disabled = 33005,
    WrongCurrentPassword = 33007,
    PolicyRefused = 33008,
    DirectoryMisconfigured = 33009,

    /// <summary>The agent's account has no right to set this account's password.</summary>
    NoRight = 34001,
    DirectoryUnreachable = 34002,
    Expired = 34003,

    /// <summary>No agent answered in time.</summary>
    NoAgent = 34004,

    /// <summary>The agent's own file caps sets per minute and per account; this one was beyond it.</summary>
    RateCapped = 34005,
    OutOfScope = 34006,

    /// <summary>The portal did not grant the request (already granted, or past its deadline).</summary>
    NotGranted = 34007,

    /// <summary>The agent does not do this kind of request: it is older than the portal.</summary>
    NotSupported = 34008,

    /// <summary>The agent's answer has a reason or a form that this portal does not know, being older; the detail says which.</summary>
    Unrecognised = 34009,

    /// <summary>Past <c>accountExpires</c>: a new password would let nobody in.</summary>
    AccountExpired = 34015,
    SmartCardRequired = 34016,

    /// <summary>In no protected group, and marked as having been in one (<c>adminCount</c>).</summary>
    ProtectedOnce = 34017,

    /// <summary>By wrong passwords, whoever typed them.</summary>
    LockedOut = 34018,

    /// <summary>One more wrong password, or two, would lock the account: none is tried for whoever asks.</summary>
    NearLockOut = 34019,
    TooShort = 34010,
    NotComplex = 34011,
    InHistory = 34012,
    TooYoung = 34013,
    AnswerLost = 34020,
}

public static class WritebackReasons
{
    /// <summary>In the rows of numbers that reasons have or may get: what is outside was never one.</summary>
    public static bool IsNumbered(this WritebackReason reason) => (int)reason is >= 32000 and <= 34999;

    /// <summary>Another password may be taken; the person needs nobody for it.</summary>
    public static bool IsOfThePassword(this WritebackReason reason) =>
        reason
            is WritebackReason.PolicyRefused
                or WritebackReason.TooShort
                or WritebackReason.NotComplex
                or WritebackReason.InHistory
                or WritebackReason.TooYoung;
}
