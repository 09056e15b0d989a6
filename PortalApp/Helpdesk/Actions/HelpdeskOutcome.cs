using Portal.Writeback;

namespace PortalApp.Helpdesk.Actions;

/// <summary>What the helpdesk does for a person. Written by name: never rename.</summary>
internal enum HelpdeskAction
{
    StartReset,
    Unlock,
    LiftLimit,
    EndSessions,
    RequireRegistration,

    /// <summary>After somebody said of a notice that it was not them.</summary>
    LiftDispute,
}

/// <summary>What came of one press. Closed: the cases below.</summary>
internal abstract record HelpdeskOutcome
{
    private HelpdeskOutcome() { }

    public sealed record Done : HelpdeskOutcome;

    /// <summary>It is so already, also where somebody else was quicker: nothing is written.</summary>
    public sealed record NothingToDo : HelpdeskOutcome;

    /// <summary>The directory was asked, and did not do it or did not say so.</summary>
    public sealed record NotDone(WritebackReason Why) : HelpdeskOutcome;

    public sealed record Refused(HelpdeskRefusal Why) : HelpdeskOutcome;
}

/// <summary>Stored nowhere.</summary>
internal enum HelpdeskRefusal
{
    NoReason,
    NotThere,
    Oneself,

    /// <summary>A peer, or somebody above: only who gives roles takes care of who has one (H101).</summary>
    HasRole,

    /// <summary>The caller has not been proved to be the person, and could be (H107).</summary>
    NotVerified,

    /// <summary>There is no address to which a link could be sent.</summary>
    NothingHeld,

    /// <summary>An administrator's to do.</summary>
    OnlyAdministrator,

    /// <summary>A link reaches the person, so that nobody else needs to see a password (H107).</summary>
    Reachable,

    /// <summary>A second person has to approve it first.</summary>
    NotApproved,

    /// <summary>Whoever asked does not answer.</summary>
    OwnQuestion,

    /// <summary>No directory has the person, and the portal holds no passwords of their domain.</summary>
    NoAccount,

    /// <summary>Whoever pressed may not act any more (H95).</summary>
    RoleGone,
}
