using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PortalApp.Data;

namespace PortalApp.Outbound;

internal static class OutboundServices
{
    /// <summary>The client that alone may ask an address which a tenant set: nothing redirects it, and its answers are short in bytes and time.</summary>
    public const string Client = "outbound";

    public const int LongestAnswer = 256 * 1024;
    private const int LongestHeadersInKilobytes = 16;
    private const int ConnectionsToServer = 16;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static IHostApplicationBuilder AddOutbound(this IHostApplicationBuilder builder)
    {
        builder.AddOptions(OutboundOptions.Section, new OutboundOptionsValidator());
        builder.Services.TryAddSingleton<ResolveHost>(ResolveAsync);
        builder.Services.AddSingleton<OutboundGuard>();
        builder.Services.AddSingleton<DnsTexts>();
        builder
            .Services.AddHttpClient(
                Client,
                http =>
                {
                    http.Timeout = Longest;
                    http.MaxResponseContentBufferSize = LongestAnswer;
                }
            )
            .ConfigurePrimaryHttpMessageHandler(services => new SocketsHttpHandler
            {
                ConnectCallback = services.GetRequiredService<OutboundGuard>().ConnectAsync,
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ActivityHeadersPropagator = null,
                ConnectTimeout = Longest,
                MaxConnectionsPerServer = ConnectionsToServer,
                MaxResponseHeadersLength = LongestHeadersInKilobytes,
                SslOptions = { CertificateChainPolicy = services.GetRequiredService<IOptions<OutboundOptions>>().Value.Trust() },
            })
            .RemoveAllLoggers();
        return builder;
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) =>
        IPAddress.TryParse(host, out var address) ? [address] : await Dns.GetHostAddressesAsync(host, cancellation);
}
