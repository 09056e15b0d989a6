namespace PortalApp.Audit;

/// <summary>Stable numbers of audit events; administrators have alerts on them. Where Microsoft Entra password writeback has a number for it, it is that one.</summary>
internal enum AuditEventId
{
    ResetBegun = 31001,
    ResetDone = 31002,
    ResetFailed = 31003,
    AgentEnrolled = 31004,
    AgentRevoked = 31012,
    WritebackUp = 31015,
    WritebackDown = 31016,
    TenantKeyOpened = 31018,

    /// <summary>Where the chain of the audit stood at the end of a day, signed.</summary>
    AuditDayClosed = 31030,

    /// <summary>What is kept no longer is deleted.</summary>
    AuditTrimmed = 31031,
    ForgedMessage = 32010,
    EnrolmentRefused = 34101,
    OutcomeRefused = 34102,
    SyncObjectRefused = 34103,
    ResetUnknown = 34104,
    ResetRefused = 34105,
    GateLocked = 34106,
    RateCapped = 34107,

    /// <summary>Anything else that an agent's administrator must know.</summary>
    AgentAlarm = 34108,

    /// <summary>As many wrong answers within the hour as are looked at with alarm.</summary>
    FailureAlarm = 34109,
    TenantChanged = 34110,
    UserChanged = 34111,
    PolicyPublished = 34112,
    KeyRotated = 34113,
    GroupChanged = 34114,

    /// <summary>An administrator let those go whom an import no longer finds.</summary>
    DropReleased = 34118,

    /// <summary>A number that pays somebody or lies abroad is not texted or called.</summary>
    NumberNotServed = 34140,
    SignedIn = 34120,
    SignInFailed = 34121,
    RoleChanged = 34122,
    ChangeDone = 34123,
    ChangeFailed = 34124,
    ChangeUnknown = 34125,
    UnlockBegun = 34126,
    UnlockDone = 34127,
    UnlockFailed = 34128,
    UnlockUnknown = 34129,

    /// <summary>Which of the helpdesk's actions, is its outcome; why, its detail.</summary>
    HelpdeskActed = 34130,

    /// <summary>By the person, or, refused, where somebody else was signed in: what came of it is its outcome.</summary>
    ResetLinkUsed = 34131,

    /// <summary>By the link of a notice somebody says that what it tells of was not them; what kind, is its outcome.</summary>
    AccountDisputed = 34150,
}
