using Portal.Writeback;

namespace PortalApp.SignIn.Passwords;

/// <summary>What a typed password came to, wherever it lives. Closed: the cases below.</summary>
internal abstract record PasswordProof
{
    private PasswordProof() { }

    public sealed record Right : PasswordProof;

    /// <summary>Right, and good for nothing until its owner has chosen another one.</summary>
    public sealed record Due(PasswordState State) : PasswordProof;

    /// <summary>Not right, or not tried: the person learns no more.</summary>
    /// <param name="Why">For the audit, where a directory said it.</param>
    public sealed record Wrong(WritebackReason? Why = null) : PasswordProof;

    /// <summary>The directory is not reached, whoever asks.</summary>
    public sealed record Unreachable : PasswordProof;

    /// <summary>As many passwords are being tried as may be.</summary>
    public sealed record Busy : PasswordProof;
}
