using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
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
                    SslOptions = TrustOnly(trustedRoots),
                }
            );
        return services;
    }

    /// <summary>The certificates of a checked PEM file; null for none.</summary>
    public static X509Certificate2Collection? ReadRoots(string? file)
    {
        if (string.IsNullOrEmpty(file))
        {
            return null;
        }

        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(file);
        return roots;
    }

    /// <summary>A name that does not fit stays fatal with either (H63).</summary>
    private static SslClientAuthenticationOptions TrustOnly(X509Certificate2Collection? roots)
    {
        var options = new SslClientAuthenticationOptions();
        if (roots is not null)
        {
            options.CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        return options;
    }
}
