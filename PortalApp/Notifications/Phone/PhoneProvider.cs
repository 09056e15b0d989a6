using PortalApp.Outbound;

namespace PortalApp.Notifications.Phone;

/// <summary>A service that carries texts, calls or both.</summary>
internal abstract class PhoneProvider(string name, PhoneProviderOptions options, IHttpClientFactory clients, TimeProvider clock)
{
    public string Name => name;

    public bool Carries(MessageChannel channel) => options.Carries(channel);

    /// <summary>How well its prefixes fit: the length of the longest; 0 for none.</summary>
    public int Fit(string number) =>
        options.Prefixes.Where(p => number.StartsWith(p, StringComparison.Ordinal)).Select(p => p.Length).DefaultIfEmpty().Max();

    protected PhoneProviderOptions Options => options;

    /// <param name="number">E.164: <c>+31612345678</c>.</param>
    public async Task<ProviderAnswer> CarryAsync(
        OutgoingMessage message,
        string number,
        MessageContent content,
        CancellationToken cancellation
    )
    {
        try
        {
            using var http = clients.CreateClient(OutboundServices.Client);
            using var request = await RequestAsync(message, number, content, cancellation);
            using var response = await http.SendAsync(request, cancellation);
            var answer = Read(message.Channel, response, await response.Content.ReadAsStringAsync(cancellation));
            return answer is ProviderAnswer.Failed failed ? failed with { RetryAfter = WaitIn(response) } : answer;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ProviderAnswer.Failed("no answer in time");
        }
        catch (HttpRequestException e)
        {
            return new ProviderAnswer.Failed((e.InnerException as OutboundRefusedException)?.Message ?? $"{e.HttpRequestError}");
        }
    }

    protected abstract Task<HttpRequestMessage> RequestAsync(
        OutgoingMessage message,
        string number,
        MessageContent content,
        CancellationToken cancellation
    );

    protected abstract ProviderAnswer Read(MessageChannel channel, HttpResponseMessage response, string body);

    private TimeSpan? WaitIn(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } told ? told.Delta ?? told.Date - clock.GetUtcNow() : null;

    /// <summary>Read anew for each message: who changes it need not start the portal anew.</summary>
    protected async Task<string> SecretAsync(CancellationToken cancellation) =>
        options.ResolvedSecretFile(name) is { } file ? (await File.ReadAllTextAsync(file, cancellation)).Trim() : "";
}
