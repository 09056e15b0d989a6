using System.Net.Http.Headers;
using System.Security;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PortalApp.Data;

namespace PortalApp.Notifications.Phone;

/// <summary>Twilio's messages and calls (API version 2010-04-01).</summary>
internal sealed class TwilioProvider(
    string name,
    PhoneProviderOptions options,
    IHttpClientFactory clients,
    IOptions<PortalOptions> portal,
    TimeProvider clock
) : PhoneProvider(name, options, clients, clock)
{
    /// <summary>Where it is asked to report, without the message's number.</summary>
    public static string ReportPath(string provider) => $"/phone/reports/{provider.ToLowerInvariant()}";

    /// <summary>Of an answer or a report; null for a code that says nothing of the number.</summary>
    /// <param name="code">https://www.twilio.com/docs/api/errors.</param>
    public static AddressFaultReason? ReasonOf(int code) =>
        code switch
        {
            21614 or 30006 => AddressFaultReason.TakesNoTexts,
            21211 or 21217 or 21610 or 21635 or 13224 or 13225 or 30004 or 30005 => AddressFaultReason.NotReached,
            _ => null,
        };

    protected override async Task<HttpRequestMessage> RequestAsync(
        OutgoingMessage message,
        string number,
        MessageContent content,
        CancellationToken cancellation
    )
    {
        var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Options.Account}:{await SecretAsync(cancellation)}"));
        var resource = message.Channel == MessageChannel.Call ? "Calls" : "Messages";
        var from = Options.SenderTo(number);
        List<KeyValuePair<string, string>> fields =
        [
            new("To", number),
            new(from.StartsWith("MG", StringComparison.Ordinal) ? "MessagingServiceSid" : "From", from),
            message.Channel == MessageChannel.Call ? new("Twiml", Twiml(content)) : new("Body", content.Text),
        ];
        if (Options.Reports)
        {
            fields.Add(new("StatusCallback", $"{portal.Value.Origin}{ReportPath(Name)}/{message.Id}"));
        }

        return new(HttpMethod.Post, $"{Options.Address.TrimEnd('/')}/2010-04-01/Accounts/{Options.Account}/{resource}.json")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", secret) },
            Content = new FormUrlEncodedContent(fields),
        };
    }

    protected override ProviderAnswer Read(MessageChannel channel, HttpResponseMessage response, string body)
    {
        var code = CodeIn(body);
        return (response.IsSuccessStatusCode, ReasonOf(code)) switch
        {
            (_, { } why) => new ProviderAnswer.NumberRefused(why, $"Twilio {code}"),
            (true, _) => new ProviderAnswer.Sent(),
            _ => new ProviderAnswer.Failed($"status {(int)response.StatusCode}, Twilio {code}"),
        };
    }

    /// <summary>A line after the other, with a pause behind each.</summary>
    internal static string Twiml(MessageContent content) =>
        new StringBuilder("<Response>")
            .AppendJoin(
                "<Pause length=\"1\"/>",
                content
                    .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => $"<Say language=\"{Voice(content.Language)}\">{SecurityElement.Escape(line)}</Say>")
            )
            .Append("</Response>")
            .ToString();

    private static string Voice(string? language) => language == "nl" ? "nl-NL" : "en-GB";

    private static int CodeIn(string body)
    {
        try
        {
            var answer = JsonSerializer.Deserialize<Answer>(body, JsonSerializerOptions.Web);
            return answer?.Code ?? answer?.ErrorCode ?? 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    /// <param name="Code">Of an answer that says no.</param>
    /// <param name="ErrorCode">Of a message that was taken and failed at once.</param>
    private sealed record Answer(int? Code, [property: System.Text.Json.Serialization.JsonPropertyName("error_code")] int? ErrorCode);
}
