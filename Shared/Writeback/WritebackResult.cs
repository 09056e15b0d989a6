using System.Text.Json.Serialization;
using Portal.Policy;

namespace Portal.Writeback;

/// <summary>
/// What came of a request. Closed: the eight cases below ("At most once, and never misreported"). Equal by value, also when read again from
/// what was sent or kept.
/// </summary>
[JsonConverter(typeof(WritebackResultConverter))]
public abstract record WritebackResult
{
    private WritebackResult() { }

    /// <summary>None where nothing went wrong.</summary>
    [JsonIgnore]
    public WritebackReason Why =>
        this switch
        {
            Rejected rejected => rejected.Reason,
            NotAttempted notAttempted => notAttempted.Reason,
            Unknown unknown => unknown.Reason,
            _ => WritebackReason.None,
        };

    /// <summary>The directory carried the modify out.</summary>
    /// <param name="Unlocked">The account was locked, and the modify also set <c>lockoutTime</c> to 0, or that alone.</param>
    /// <param name="StaysLocked">The account is locked, and the agent may not end that: nobody signs in before it ends by itself or by hand.</param>
    public sealed record Applied(
        bool Unlocked,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool StaysLocked = false
    ) : WritebackResult
    {
        /// <summary>The account's <c>pwdLastSet</c> afterwards; null where it was not read. Not compared: an outcome is the same whenever it is told.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public DateTimeOffset? SetAt { get; init; }

        public bool Equals(Applied? other) => other is not null && (Unlocked, StaysLocked) == (other.Unlocked, other.StaysLocked);

        public override int GetHashCode() => HashCode.Combine(Unlocked, StaysLocked);
    }

    /// <summary>The directory was asked and said no; the old password stands.</summary>
    /// <param name="Detail">For the administrator: the directory's own words, never a secret.</param>
    /// <param name="Rules">In force now, where the password was refused by them: they may have changed since the account was asked about.</param>
    public sealed record Rejected(WritebackReason Reason, string? Detail, PasswordRules? Rules = null) : WritebackResult;

    /// <summary>Provably before the first byte of the modify.</summary>
    public sealed record NotAttempted(WritebackReason Reason, string? Detail) : WritebackResult;

    /// <summary>A byte may have left and no answer came, or none that can be read; only evidence resolves it.</summary>
    public sealed record Unknown(WritebackReason Reason, string? Detail) : WritebackResult;

    /// <summary>Answer to <see cref="RequestKind.Check"/>: the account was found and may be set.</summary>
    /// <param name="StaysLocked">The password can be set, and the account's lock cannot be ended with it.</param>
    /// <param name="NeverExpires">A password of the account never ends: nobody is made to choose another at the next sign-in.</param>
    /// <param name="MayUnlock">The account is locked, and its lock can be ended: by a new password, or by <see cref="RequestKind.Unlock"/>.</param>
    public sealed record Settable(
        PasswordRules Rules,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool StaysLocked = false,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool NeverExpires = false,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool MayUnlock = false
    ) : WritebackResult;

    /// <summary>
    /// Answer to <see cref="RequestKind.Verify"/>: the password is that one. A wrong one, and an account that lets nobody in, is
    /// <see cref="Rejected"/>; what was not tried is <see cref="NotAttempted"/>.
    /// </summary>
    public sealed record Verified(PasswordState State) : WritebackResult
    {
        /// <summary>The account's <c>pwdLastSet</c> before it was tried; null where it was not read. Not compared.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public DateTimeOffset? SetAt { get; init; }

        public bool Equals(Verified? other) => other is not null && State == other.State;

        public override int GetHashCode() => (int)State;
    }

    /// <summary>Answer to <see cref="RequestKind.Explain"/>.</summary>
    /// <param name="Links">In the order from directory to cloud; what the check of the account comes to is last. Compared by value.</param>
    /// <param name="Account">Null where there is none to be asked about, or it may not be read.</param>
    /// <param name="Rules">Null where its password may not be set.</param>
    public sealed record Explained(IReadOnlyList<ExplainedLink> Links, AccountFacts? Account, PasswordRules? Rules) : WritebackResult
    {
        public bool Equals(Explained? other) =>
            other is not null && Links.SequenceEqual(other.Links) && Account == other.Account && Rules == other.Rules;

        public override int GetHashCode() => HashCode.Combine(Links.Count, Account, Rules);
    }

    /// <summary>Answer to <see cref="RequestKind.Health"/>: agent and directory answer.</summary>
    public sealed record Healthy : WritebackResult;
}

/// <summary>What a right password is worth; nobody learns it by a wrong one. Sent by number: never renumber.</summary>
public enum PasswordState
{
    InForce = 0,

    /// <summary>Its owner has to choose another one before anything else.</summary>
    MustChange = 1,
    Expired = 2,
}
