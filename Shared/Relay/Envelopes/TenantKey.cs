namespace Portal.Relay.Envelopes;

/// <summary>A tenant's symmetric writeback key (M10, M16b): the outer envelope's. Cannot print.</summary>
/// <param name="generation">From 1; the envelope's <c>kid</c>.</param>
/// <param name="key">32 bytes.</param>
public sealed class TenantKey(int generation, byte[] key)
{
    public int Generation => generation;

    /// <summary>For the envelope, and for sealing to an agent at its enrolment.</summary>
    public ReadOnlySpan<byte> Bytes => Key;

    internal byte[] Key { get; } = key.Length == 32 ? key : throw new ArgumentException("A tenant key has 32 bytes.", nameof(key));

    public override string ToString() => $"(tenant key, generation {generation})";
}
