using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Authentication;
using System.Text.Json;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Outbound;

namespace PortalApp.SignIn.Providers;

/// <summary>Where a provider is asked, and by which keys it signs; all over https.</summary>
/// <param name="Issuer">As the provider spells it.</param>
/// <param name="PostsSecret">The client's secret goes in the form, not in a header.</param>
/// <param name="NamesItself">Each answer of its page carries <c>iss</c> (RFC 9207).</param>
internal sealed record ProviderEndpoints(
    string Issuer,
    Uri Authorization,
    Uri Token,
    IReadOnlyList<SecurityKey> Keys,
    bool PostsSecret,
    bool NamesItself
);

/// <summary>What came of asking for a provider's metadata. Closed: the cases below.</summary>
internal abstract record MetadataReading
{
    private MetadataReading() { }

    public sealed record Read(ProviderEndpoints Endpoints) : MetadataReading;

    /// <param name="Why">For who sets the provider.</param>
    public sealed record Failed(FieldError Why) : MetadataReading
    {
        public Failed(Fault fault, params object[] arguments)
            : this(new FieldError(nameof(ProviderChange.Issuer), fault, arguments)) { }
    }
}

/// <summary>
/// What providers publish of themselves: asked for once an hour, a day long good enough while a provider is down, and asked for again, once a
/// minute at most, when a token is signed by a key that is not among them.
/// </summary>
internal sealed class ProviderMetadata(IHttpClientFactory clients, LogPerMinute lines, TimeProvider clock, ILogger<ProviderMetadata> logger)
{
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    public static readonly TimeSpan FreshForUnknownKey = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan GoodWhileDown = TimeSpan.FromDays(1);

    /// <summary>Whoever comes while a provider is down waits for no more than one try in this time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, Held> all = new(StringComparer.Ordinal);

    /// <returns>Null while nothing can be known.</returns>
    public async Task<ProviderEndpoints?> FindAsync(string issuer, TimeSpan fresh, CancellationToken cancellation)
    {
        var held = all.GetOrAdd(issuer, _ => new());
        if (Known(fresh) is { } known)
        {
            return known;
        }

        await held.Gate.WaitAsync(cancellation);
        try
        {
            if (Known(fresh) is null && clock.GetUtcNow() - held.TriedAt >= Pause)
            {
                held.TriedAt = clock.GetUtcNow();
                switch (await ReadAsync(issuer, cancellation))
                {
                    case MetadataReading.Read { Endpoints: var read } when read.Issuer == issuer:
                        held.Last = (read, held.TriedAt);
                        break;
                    case var other:
                        var failed = other as MetadataReading.Failed ?? new(Fault.MetadataRenamed);
                        var why = failed.Why.In(CultureInfo.InvariantCulture);
                        lines.Say($"provider {issuer}", more => logger.ProviderDown(issuer, why, more));
                        break;
                }
            }
        }
        finally
        {
            held.Gate.Release();
        }

        return Known(GoodWhileDown);

        ProviderEndpoints? Known(TimeSpan within) => held.Last is var (endpoints, at) && clock.GetUtcNow() - at < within ? endpoints : null;
    }

    /// <summary>Anew. The issuer that is named there is another than the one asked for in nothing but a slash at its end.</summary>
    public async Task<MetadataReading> ReadAsync(string issuer, CancellationToken cancellation)
    {
        var address = $"{issuer.TrimEnd('/')}/.well-known/openid-configuration";
        try
        {
            using var http = clients.CreateClient(OutboundServices.Client);
            var read = await OpenIdConnectConfigurationRetriever.GetAsync(address, new HttpDocumentRetriever(http), cancellation);
            return Judge(issuer, read);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && WhyOf(e) is { } why)
        {
            return new MetadataReading.Failed(Fault.MetadataUnusable, address, why);
        }
    }

    private static MetadataReading Judge(string issuer, OpenIdConnectConfiguration read)
    {
        var keys = read.SigningKeys.Where(key => key is not SymmetricSecurityKey).ToArray();
        return read.Issuer?.TrimEnd('/') != issuer.TrimEnd('/') ? new MetadataReading.Failed(Fault.MetadataOther, issuer, read.Issuer ?? "")
            : HttpsOf(read.AuthorizationEndpoint) is not { } authorization ? new MetadataReading.Failed(Fault.MetadataNoPage)
            : HttpsOf(read.TokenEndpoint) is not { } token ? new MetadataReading.Failed(Fault.MetadataNoToken)
            : keys.Length == 0 ? new MetadataReading.Failed(Fault.MetadataNoKeys)
            : new MetadataReading.Read(
                new(
                    read.Issuer,
                    authorization,
                    token,
                    keys,
                    read.TokenEndpointAuthMethodsSupported.Contains("client_secret_post"),
                    read.AuthorizationResponseIssParameterSupported
                )
            );
    }

    private static Uri? HttpsOf(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Fragment.Length == 0 ? uri : null;

    /// <summary>Nothing of the answer itself: who sets an address must not read by it what this machine can reach. Null for a bug of ours.</summary>
    private static FieldError? WhyOf(Exception fault) =>
        Chain(fault).OfType<OutboundRefusedException>().FirstOrDefault() is { } refused ? refused.Why
        : Chain(fault).Any(e => e is AuthenticationException) ? new("", Fault.MetadataUntrusted)
        : Chain(fault).Any(e => e is OperationCanceledException) ? new("", Fault.MetadataLate)
        : Chain(fault).Any(e => e is System.Net.Sockets.SocketException) ? new("", Fault.MetadataNoConnection)
        : Chain(fault).Any(e => e is IOException or HttpRequestException or JsonException or ArgumentException or InvalidOperationException)
            ? new("", Fault.MetadataNone)
        : null;

    private static IEnumerable<Exception> Chain(Exception fault)
    {
        for (var e = fault; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }

    private sealed class Held
    {
        public SemaphoreSlim Gate { get; } = new(1);
        public (ProviderEndpoints, DateTimeOffset)? Last { get; set; }
        public DateTimeOffset TriedAt { get; set; }
    }
}
