using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PortalApp.Certificates;

/// <summary>
/// The certificate that the portal serves. Its files are looked at twice a minute, by what they hold: so it does not matter whether a renewal
/// writes over them, renames another into their place, or turns a link elsewhere. What cannot be used leaves the old one in its place.
/// </summary>
internal sealed class ServedCertificate(IConfiguration configuration, TimeProvider clock, ILogger<ServedCertificate> logger)
    : BackgroundService
{
    public const string Section = "Kestrel:Certificates:Default";
    public static readonly TimeSpan Glance = TimeSpan.FromSeconds(30);

    /// <summary>From then on the log asks for a new one, once a day.</summary>
    public static readonly TimeSpan EndsSoon = TimeSpan.FromDays(21);

    private readonly IConfigurationSection told = configuration.GetSection(Section);
    private byte[] seen = [];
    private string? complaint;
    private volatile SslStreamCertificateContext? context;
    private DateTimeOffset lastAsked = DateTimeOffset.MinValue;

    /// <summary>With the certificates between it and its root; null where no file is told.</summary>
    public SslStreamCertificateContext? Context => context;

    private string? File => told["Path"];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Look();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Glance, clock);
        while (File is not null && await timer.WaitForNextTickAsync(stoppingToken))
        {
            Look();
        }
    }

    private void Look()
    {
        if (File is null)
        {
            return;
        }

        try
        {
            TakeIfNew();
            complaint = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            if (complaint != e.Message)
            {
                logger.NotTaken(File, complaint = e.Message);
            }
        }

        AskForRenewal();
    }

    private void TakeIfNew()
    {
        byte[] content = [.. Digest(File), .. Digest(told["KeyPath"])];
        if (content.SequenceEqual(seen))
        {
            return;
        }

        var next = Read();
        (seen, context) = (content, next);
        logger.Serving(next.TargetCertificate.Subject, DaysLeft(next));
    }

    private void AskForRenewal()
    {
        var now = clock.GetUtcNow();
        if (context is { } served && EndOf(served) - now < EndsSoon && now - lastAsked >= TimeSpan.FromDays(1))
        {
            lastAsked = now;
            logger.EndsSoon(served.TargetCertificate.Subject, DaysLeft(served));
        }
    }

    private SslStreamCertificateContext Read()
    {
        if (told["KeyPath"] is not { } key)
        {
            var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(File!, told["Password"]);
            return ContextOf(all.First(c => c.HasPrivateKey), all);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(File!);
        return ContextOf(
            told["Password"] is { } password
                ? X509Certificate2.CreateFromEncryptedPemFile(File!, password, key)
                : X509Certificate2.CreateFromPemFile(File!, key),
            chain
        );
    }

    private static SslStreamCertificateContext ContextOf(X509Certificate2 own, X509Certificate2Collection chain) =>
        SslStreamCertificateContext.Create(own, [.. chain.Where(c => c.Thumbprint != own.Thumbprint)], offline: true);

    private static byte[] Digest(string? file) => file is null ? [] : SHA256.HashData(System.IO.File.ReadAllBytes(file));

    private static DateTimeOffset EndOf(SslStreamCertificateContext served) => served.TargetCertificate.NotAfter.ToUniversalTime();

    private int DaysLeft(SslStreamCertificateContext served) => (int)Math.Floor((EndOf(served) - clock.GetUtcNow()).TotalDays);
}
