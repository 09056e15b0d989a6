namespace PortalApp.Certificates;

internal static class CertificateServices
{
    /// <summary>Who takes longer only holds a place.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    public static WebApplicationBuilder AddCertificate(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ServedCertificate>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ServedCertificate>());
        builder.WebHost.ConfigureKestrel(
            (context, kestrel) =>
            {
                // The server's own watch does not see what a link leads to, and can lock itself for good where a file is written while it starts.
                kestrel.Configure(context.Configuration.GetSection("Kestrel"), reloadOnChange: false);
                if (HasOneForAll(context.Configuration))
                {
                    var served = kestrel.ApplicationServices.GetRequiredService<ServedCertificate>();
                    kestrel.ConfigureHttpsDefaults(https =>
                    {
                        https.HandshakeTimeout = HandshakeTimeout;
                        https.OnAuthenticate = (_, tls) => tls.ServerCertificateContext = served.Context ?? tls.ServerCertificateContext;
                    });
                }
            }
        );
        return builder;
    }

    /// <summary>An endpoint with a certificate of its own keeps the one that it began with.</summary>
    private static bool HasOneForAll(IConfiguration configuration) =>
        !configuration.GetSection("Kestrel:Endpoints").GetChildren().Any(endpoint => endpoint.GetSection("Certificate").Exists());
}
