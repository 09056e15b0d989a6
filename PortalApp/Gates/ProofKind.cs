namespace PortalApp.Gates;

/// <summary>
/// What a gate proves, by the kinds of NIST SP 800-63B-4. Two gates of one kind are one proof to it: a code by text and one by mail come
/// apart in nothing but their delivery. In the order of worth: a later one is harder to come by for a stranger, and is offered before.
/// </summary>
internal enum ProofKind
{
    /// <summary>Answers to questions: no proof to NIST at all.</summary>
    Knowledge,

    /// <summary>A code that is sent to an address held (§4.2.1.2).</summary>
    IssuedCode,

    /// <summary>A recovery code that was saved (§4.2.1.1).</summary>
    SavedCode,

    /// <summary>A one-time password of an authenticator app (§3.1.4).</summary>
    OneTimePassword,

    /// <summary>A key that signs, such as a passkey (§3.1.6, §3.1.7).</summary>
    Cryptographic,
}
