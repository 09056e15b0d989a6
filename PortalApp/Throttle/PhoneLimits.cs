namespace PortalApp.Throttle;

/// <summary>How much of what costs money by the piece may be asked for within any day; for texts and for calls apart.</summary>
/// <param name="ToNumber">Over all tenants. Beyond it the message is dropped and nobody told.</param>
/// <param name="OfNetwork">By whom nobody knows; <see cref="LargeNetworks"/> have more.</param>
internal sealed record PhoneLimits(SharedLimit ToNumber, SharedLimit ToPerson, Limit OfNetwork, SharedLimit OfTenant)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <param name="what">Names what is counted: texts, calls.</param>
    public static PhoneLimits Of(string what, int number, int network, int tenant) =>
        new(
            Shared($"{what}/number", number),
            Shared($"{what}/person", number),
            new($"{what}/network", network, Day),
            Shared($"{what}/tenant", tenant)
        );

    /// <summary>Two thirds are for strangers.</summary>
    private static SharedLimit Shared(string name, int most) => new(new(name, most, Day), new($"{name}/strangers", most * 2 / 3, Day));
}
