using Portal.Policy;
using Portal.Writeback;

namespace PortalApp.PasswordReset;

/// <summary>Where a flow stands: the first thing that is missing. Computed by <see cref="ResetFlow.StageOf"/>, never stored. Closed: the cases below.</summary>
internal abstract record ResetStage
{
    private ResetStage() { }

    /// <summary>Nobody has said yet which account it is.</summary>
    public sealed record Identify : ResetStage;

    /// <summary>There are several ways to prove who one is, and none was chosen yet.</summary>
    public sealed record ChooseMethod : ResetStage;

    /// <summary>A gate is to be passed.</summary>
    public sealed record Gate : ResetStage;

    /// <summary>
    /// The person says that something was not them: said to whoever has passed the gates, and to nobody before (H1).
    /// </summary>
    public sealed record Disputed : ResetStage;

    /// <summary>The directory is being asked about the account, before a password is typed.</summary>
    public sealed record Checking : ResetStage;

    /// <summary>Nobody answered about the account; the same may be asked again.</summary>
    public sealed record NotReached(WritebackReason Reason) : ResetStage;

    /// <param name="LastRefusal">Why the set before was not set; null at the first.</param>
    /// <param name="StaysLocked">The account is locked, and setting its password will not end that.</param>
    /// <param name="MayUnlock">The account is locked, and the lock can be ended, with its password or without.</param>
    public sealed record ChoosePassword(PasswordRules Rules, WritebackReason? LastRefusal, bool StaysLocked = false, bool MayUnlock = false)
        : ResetStage;

    public sealed record Setting : ResetStage;

    /// <param name="Unlocked">The account was locked and is not any more.</param>
    /// <param name="StaysLocked">The account is locked still: the new password is right, and lets nobody in yet.</param>
    public sealed record Done(bool Unlocked, bool StaysLocked) : ResetStage;

    /// <summary>This account's password cannot be set here; another try would end alike (M8).</summary>
    public sealed record Refused(WritebackReason Reason) : ResetStage;

    /// <summary>It may have been set; only evidence will tell.</summary>
    public sealed record Unknown : ResetStage;

    /// <summary>The flow's life is over, or what it stood on has changed: begin again.</summary>
    public sealed record Expired : ResetStage;

    /// <summary>Ten passwords were tried (I7).</summary>
    public sealed record TooManySets(WritebackReason LastRefusal) : ResetStage;
}
