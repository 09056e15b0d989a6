using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Agent.Certificates;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;

namespace Agent.Portal;

internal static class PortalServices
{
    /// <summary>Of one whole call.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(4);

    /// <summary>What is said to the portal, and the hello that says it.</summary>
    public static IServiceCollection AddPortal(this IServiceCollection services) =>
        services
            .AddSingleton<PortalClient>()
            .AddSingleton<PortalGreeting>()
            .AddHostedService(provider => provider.GetRequiredService<PortalGreeting>());

    /// <param name="trustedRoots">Instead of the machine's; null: the machine's.</param>
    public static IServiceCollection AddPortalHttp(
        this IServiceCollection services,
        string origin,
        X509Certificate2Collection? trustedRoots
    )
    {
        services
            .AddHttpClient(
                PortalClient.ClientName,
                client =>
                {
                    client.BaseAddress = new Uri(origin);
                    client.Timeout = CallLimit;
                    client.MaxResponseContentBufferSize = AgentApi.MaxBodyBytes;
                }
            )
            .RemoveAllLoggers()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    ConnectTimeout = ConnectLimit,
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                    SslOptions = TrustOnly(origin, trustedRoots),
                }
            );
        return services;
    }

    private static SslClientAuthenticationOptions TrustOnly(string origin, X509Certificate2Collection? roots)
    {
        var (host, trust) = (new Uri(origin).Host, new ServerTrust(roots, "portalCa"));
        return new()
        {
            CertificateChainPolicy = CertificateBundle.PolicyOf(roots, []),
            RemoteCertificateValidationCallback = (_, certificate, built, errors) =>
                trust.Problem(host, certificate, built, errors) is { } problem ? throw new UntrustedServerException(problem) : true,
        };
    }
}
