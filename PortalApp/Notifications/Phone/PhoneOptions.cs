using System.Globalization;
using PortalApp.Data;

namespace PortalApp.Notifications.Phone;

/// <summary>Who carries texts and calls: nobody unless told. With two, the second takes what the first did not, or the other way round.</summary>
internal sealed class PhoneOptions
{
    public const string Section = "Phone";

    public PhoneProviderOptions First { get; init; } = new();
    public PhoneProviderOptions Second { get; init; } = new();

    /// <summary>What one costs by country, for the reports alone: <c>NL=0.08</c>.</summary>
    public IList<string> TextPrices { get; init; } = [];
    public IList<string> CallPrices { get; init; } = [];

    /// <summary>Of the prices.</summary>
    public string Currency { get; set; } = "EUR";

    public decimal? PriceOf(MessageChannel channel, string country) =>
        (channel == MessageChannel.Call ? CallPrices : TextPrices)
            .Select(p => p.Split('='))
            .Where(p => p[0] == country)
            .Select(p => (decimal?)decimal.Parse(p[1], CultureInfo.InvariantCulture))
            .FirstOrDefault();

    public IEnumerable<(string Name, PhoneProviderOptions Options)> All =>
        new[] { (nameof(First), First), (nameof(Second), Second) }.Where(p => p.Item2.Kind != PhoneProviderKind.None);
}

internal enum PhoneProviderKind
{
    None,

    /// <summary>Twilio's REST API, or one of its form.</summary>
    Twilio,

    /// <summary>Any service that takes one HTTP call for a message.</summary>
    Gateway,
}

internal sealed class PhoneProviderOptions
{
    public PhoneProviderKind Kind { get; set; }

    /// <summary>Twilio alone: its API.</summary>
    public string Address { get; set; } = "https://api.twilio.com";

    /// <summary>Twilio alone: the account's SID.</summary>
    public string Account { get; set; } = "";

    /// <summary>A file with Twilio's auth token, or with what a gateway's templates name as {secret}; unless told, systemd's credential <c>portal-phone-first</c> or <c>portal-phone-second</c>.</summary>
    public string? SecretFile { get; set; }

    /// <summary>The number or name that messages come from.</summary>
    public string From { get; set; } = "";

    /// <summary>Others for some countries, each a prefix and a sender: <c>+44=Contoso</c>.</summary>
    public IList<string> Senders { get; init; } = [];

    /// <summary>Numbers that begin so are carried by this one first, such as <c>+31</c>.</summary>
    public IList<string> Prefixes { get; init; } = [];

    /// <summary>Twilio alone: whether it carries calls too.</summary>
    public bool Calls { get; set; } = true;

    /// <summary>Twilio alone: whether it is asked to report to the portal's own address what became of each message.</summary>
    public bool Reports { get; set; } = true;

    /// <summary>A gateway's texts, and its calls.</summary>
    public GatewayOptions Text { get; init; } = new();
    public GatewayOptions Call { get; init; } = new();

    public string? ResolvedSecretFile(string name) =>
        !string.IsNullOrEmpty(SecretFile) ? SecretFile : SystemdCredentials.Find($"portal-phone-{name.ToLowerInvariant()}");

    /// <summary>The longest prefix decides.</summary>
    public string SenderTo(string number) =>
        Senders
            .Select(s => s.Split('=', 2))
            .Where(s => number.StartsWith(s[0], StringComparison.Ordinal))
            .OrderByDescending(s => s[0].Length)
            .Select(s => s[1])
            .FirstOrDefault(From);

    public bool Carries(MessageChannel channel) =>
        (Kind, channel) switch
        {
            (PhoneProviderKind.Twilio, MessageChannel.Sms) => true,
            (PhoneProviderKind.Twilio, MessageChannel.Call) => Calls,
            (PhoneProviderKind.Gateway, MessageChannel.Sms) => Text.Address.Length > 0,
            (PhoneProviderKind.Gateway, MessageChannel.Call) => Call.Address.Length > 0,
            _ => false,
        };
}

/// <summary>
/// One kind of message of a gateway: a POST. Address, headers and body may name {to} (+31612345678), {digits} (the same without +), {from},
/// {text}, {language} and {secret}, which stand there as the body's type writes them.
/// </summary>
internal sealed class GatewayOptions
{
    public string Address { get; set; } = "";
    public string ContentType { get; set; } = "application/json";
    public string Body { get; set; } = "";

    /// <summary>Each a name and a value: <c>Authorization: Bearer {secret}</c>.</summary>
    public IList<string> Headers { get; init; } = [];

    /// <summary>A regular expression that an answer of status 2xx must match to count as sent; unless told, the status is enough.</summary>
    public string? Sent { get; set; }

    /// <summary>One that an answer matches whose number takes no texts, or no calls.</summary>
    public string? Refused { get; set; }
}
