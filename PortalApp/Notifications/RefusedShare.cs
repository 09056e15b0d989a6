using System.Collections.Concurrent;
using System.Globalization;
using Portal.Tenants;

namespace PortalApp.Notifications;

/// <summary>
/// How many of a tenant's messages met a number that takes none: a decoy's number takes none as often, and then always. Counted since the portal
/// started.
/// </summary>
internal sealed class RefusedShare
{
    private readonly ConcurrentDictionary<(TenantId, MessageChannel), Count> counts = new();

    public void Add(OutgoingMessage message, AddressFaultReason? refused) =>
        counts.AddOrUpdate((message.Tenant, message.Channel), _ => new Count().With(refused), (_, count) => count.With(refused));

    /// <summary>Null for a decoy's that is as good as sent.</summary>
    public AddressFaultReason? Draw(OutgoingMessage decoys) =>
        decoys.Recipient is { } recipient
        && counts.TryGetValue((decoys.Tenant, decoys.Channel), out var count)
        && Fraction(recipient) < (double)count.Refused / count.All
            ? count.Last
            : null;

    /// <summary>From 0 to 1, of the recipient's hash, which nobody outside can work out.</summary>
    private static double Fraction(string recipient) =>
        int.Parse(recipient.AsSpan(0, 6), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / (double)0x1000000;

    private readonly record struct Count(int All, int Refused, AddressFaultReason Last)
    {
        public Count With(AddressFaultReason? refused) => refused is { } why ? new(All + 1, Refused + 1, why) : this with { All = All + 1 };
    }
}
