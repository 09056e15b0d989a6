using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using PortalApp.Data;

namespace PortalApp.Notifications.Phone;

/// <summary>Hands a message to the provider that its number's prefix names, and to the other one where that fails.</summary>
internal sealed class PhoneProviders(
    IOptions<PhoneOptions> options,
    IOptions<PortalOptions> portal,
    IHttpClientFactory clients,
    TimeProvider clock,
    ILogger<PhoneProviders> logger
)
{
    /// <summary>One that failed is asked last for so long, so that a dead one holds up no message but the first.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    /// <summary>Whatever it says itself, no longer: a code lives for ten minutes.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<string, DateTimeOffset> restsUntil = new();

    private readonly PhoneProvider[] all =
    [
        .. options.Value.All.Select(p =>
            p.Options.Kind == PhoneProviderKind.Twilio
                ? (PhoneProvider)new TwilioProvider(p.Name, p.Options, clients, portal, clock)
                : new GatewayProvider(p.Name, p.Options, clients, clock)
        ),
    ];

    public bool Carry(MessageChannel channel) => Array.Exists(all, p => p.Carries(channel));

    /// <exception cref="NumberRefusedException">No message of this kind reaches the number.</exception>
    /// <exception cref="ProvidersFailedException">None of them took it.</exception>
    public async Task CarryAsync(OutgoingMessage message, MessageContent content, CancellationToken cancellation)
    {
        var number = Callable(content.To);
        List<TimeSpan> waits = [];
        foreach (var provider in InOrder(message.Channel, number))
        {
            switch (await provider.CarryAsync(message, number, content, cancellation))
            {
                case ProviderAnswer.Sent:
                    return;
                case ProviderAnswer.NumberRefused refused:
                    throw new NumberRefusedException(refused.Why, refused.Code);
                case ProviderAnswer.Failed failed:
                    restsUntil[provider.Name] = clock.GetUtcNow() + (WaitOf(failed) ?? Rest);
                    waits.Add(WaitOf(failed) ?? TimeSpan.Zero);
                    logger.ProviderFailed(provider.Name, message.Id, message.Tenant, failed.Fault);
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        throw new ProvidersFailedException(waits.DefaultIfEmpty().Min());
    }

    /// <summary>The name of the one that would be asked first; null where there is no other.</summary>
    public string? FirstOf(MessageChannel channel, string to) =>
        InOrder(channel, Callable(to)).ToArray() is [var first, _, ..] ? first.Name : null;

    private IEnumerable<PhoneProvider> InOrder(MessageChannel channel, string number) =>
        all.Where(p => p.Carries(channel)).OrderBy(IsResting).ThenByDescending(p => p.Fit(number));

    private static string Callable(string to) => to.Replace(" ", "", StringComparison.Ordinal);

    private static TimeSpan? WaitOf(ProviderAnswer.Failed failed) =>
        failed.RetryAfter is { } wait ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, LongestRest.Ticks)) : null;

    private bool IsResting(PhoneProvider provider) => restsUntil.TryGetValue(provider.Name, out var until) && clock.GetUtcNow() < until;
}

internal sealed class ProvidersFailedException(TimeSpan wait) : Exception
{
    /// <summary>Until one of them wants to be asked again; nothing where one did not say.</summary>
    public TimeSpan Wait => wait;
}

internal sealed class NumberRefusedException(AddressFaultReason why, string code) : Exception
{
    public AddressFaultReason Why => why;

    /// <summary>The provider's own.</summary>
    public string Code => code;
}
