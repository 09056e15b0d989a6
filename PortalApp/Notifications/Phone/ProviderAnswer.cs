namespace PortalApp.Notifications.Phone;

/// <summary>What came of handing a message to a provider. Closed: the three cases below.</summary>
internal abstract record ProviderAnswer
{
    private ProviderAnswer() { }

    public sealed record Sent : ProviderAnswer;

    /// <summary>No message of this kind reaches the number: no other try helps, with whichever provider.</summary>
    /// <param name="Code">The provider's own.</param>
    public sealed record NumberRefused(AddressFaultReason Why, string Code) : ProviderAnswer;

    /// <summary>Not sent, or nobody knows; another provider, or the same one later, may.</summary>
    /// <param name="Fault">Without the provider's words, which may repeat the number.</param>
    public sealed record Failed(string Fault) : ProviderAnswer
    {
        /// <summary>Before that the provider wants to be asked nothing.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }
}
