using System.Net.Http.Headers;
using System.Security;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using PortalApp.Audit;

namespace PortalApp.Notifications.Phone;

/// <summary>A service that the operator describes by templates.</summary>
internal sealed class GatewayProvider(string name, PhoneProviderOptions options, IHttpClientFactory clients, TimeProvider clock)
    : PhoneProvider(name, options, clients, clock)
{
    protected override async Task<HttpRequestMessage> RequestAsync(
        OutgoingMessage message,
        string number,
        MessageContent content,
        CancellationToken cancellation
    )
    {
        var gateway = Of(message.Channel);
        (string Name, string Value)[] values =
        [
            ("{to}", number),
            ("{digits}", number[1..]),
            ("{from}", Options.SenderTo(number)),
            ("{text}", content.Text),
            ("{language}", content.Language ?? ""),
            ("{secret}", await SecretAsync(cancellation)),
        ];
        var request = new HttpRequestMessage(HttpMethod.Post, Fill(gateway.Address, values, Uri.EscapeDataString));
        var body = Fill(gateway.Body, values, WriterOf(gateway.ContentType));
        request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(gateway.ContentType).MediaType!);
        foreach (var header in gateway.Headers.Select(h => h.Split(": ", 2)))
        {
            request.Headers.TryAddWithoutValidation(header[0], Fill(header[1], values, value => value.OnOneLine()));
        }

        return request;
    }

    protected override ProviderAnswer Read(MessageChannel channel, HttpResponseMessage response, string body)
    {
        var gateway = Of(channel);
        return gateway.Refused is { } refused && Matches(refused, body)
                ? new ProviderAnswer.NumberRefused(
                    channel == MessageChannel.Sms ? AddressFaultReason.TakesNoTexts : AddressFaultReason.NotReached,
                    $"status {(int)response.StatusCode}"
                )
            : !response.IsSuccessStatusCode ? new ProviderAnswer.Failed($"status {(int)response.StatusCode}")
            : gateway.Sent is { } sent && !Matches(sent, body) ? new ProviderAnswer.Failed("an answer that does not count as sent")
            : new ProviderAnswer.Sent();
    }

    private GatewayOptions Of(MessageChannel channel) => channel == MessageChannel.Call ? Options.Call : Options.Text;

    private static bool Matches(string pattern, string body) => Regex.IsMatch(body, pattern, RegexOptions.NonBacktracking);

    /// <summary>In one pass: what a text holds is no template.</summary>
    private static string Fill(string template, (string Name, string Value)[] values, Func<string, string> write) =>
        Regex.Replace(
            template,
            "{(to|digits|from|text|language|secret)}",
            found => write(values.Single(v => v.Name == found.Value).Value),
            RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
        );

    private static Func<string, string> WriterOf(string contentType) =>
        contentType.Contains("json", StringComparison.OrdinalIgnoreCase) ? JavaScriptEncoder.Default.Encode
        : contentType.Contains("form-urlencoded", StringComparison.OrdinalIgnoreCase) ? Uri.EscapeDataString
        : contentType.Contains("xml", StringComparison.OrdinalIgnoreCase) ? value => SecurityElement.Escape(value)
        : value => value;
}
