using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Providers;

namespace PortalApp.Tests.SignIn.Providers;

/// <summary>A provider that says the truth until a test changes one thing of it. There is no page: whoever comes back from it is anna.</summary>
internal sealed class LyingProvider : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lying").FullName;
    private readonly JsonWebTokenHandler tokens = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly WebApplication server;
    private readonly TimeProvider clock;

    private LyingProvider(TestCertificates certificates, int port, TimeProvider clock)
    {
        this.clock = clock;
        Issuer = $"https://localhost:{port}";
        (Metadata, Claims) = (TrueMetadata(), new() { ["sub"] = "subject-1", ["upn"] = "anna@corp.test" });
        var files = certificates.Issue(folder, "lying", ["localhost"], [IPAddress.Loopback]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                port,
                on => on.UseHttps(X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile))
            )
        );
        server = builder.Build();
        server.MapGet("/.well-known/openid-configuration", (HttpContext http) => AnswerAsync(http, () => Metadata.ToJsonString()));
        server.MapGet("/keys", () => Results.Text(Keys(), "application/json"));
        server.MapPost("/token", (HttpContext http) => TokenAsync(http));
    }

    public string Issuer { get; }

    public JsonObject Metadata { get; set; }

    /// <summary>Of the token beside issuer, audience, times and nonce, or in their place; null leaves one out.</summary>
    public Dictionary<string, object?> Claims { get; }

    public string Nonce { get; set; } = "";

    public ECDsa Key { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Signs in the place of <see cref="Key"/>, which stays the one that is published.</summary>
    public SigningCredentials? SignsBy { get; set; }

    public bool Signs { get; set; } = true;

    /// <summary>Answers in the place of what is true; null for that.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <summary>What came with the last code that was redeemed.</summary>
    public IFormCollection? Redeemed { get; private set; }

    public string? Authorization { get; private set; }

    /// <summary>Codes that came.</summary>
    public int Codes { get; private set; }

    public static async Task<LyingProvider> StartAsync(TestCertificates certificates, TimeProvider clock)
    {
        var provider = new LyingProvider(certificates, Loopback.FreePort(), clock);
        await provider.server.StartAsync();
        return provider;
    }

    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    public string KeyId => Convert.ToHexString(SHA256.HashData(Key.ExportSubjectPublicKeyInfo()))[..8];

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private JsonObject TrueMetadata() =>
        new()
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token",
            ["jwks_uri"] = $"{Issuer}/keys",
        };

    private string Keys()
    {
        var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(
            new ECDsaSecurityKey(ECDsa.Create(Key.ExportParameters(false))) { KeyId = KeyId }
        );
        return JsonSerializer.Serialize(
            new
            {
                keys = new[]
                {
                    new
                    {
                        kty = key.Kty,
                        crv = key.Crv,
                        x = key.X,
                        y = key.Y,
                        kid = KeyId,
                        use = "sig",
                    },
                },
            }
        );
    }

    private Task AnswerAsync(HttpContext http, Func<string> truth)
    {
        http.Response.ContentType = "application/json";
        return Instead is { } instead ? instead(http) : http.Response.WriteAsync(truth());
    }

    private async Task TokenAsync(HttpContext http)
    {
        Codes++;
        (Redeemed, Authorization) = (await http.Request.ReadFormAsync(), http.Request.Headers.Authorization);
        await AnswerAsync(
            http,
            () =>
                JsonSerializer.Serialize(
                    new
                    {
                        access_token = "a",
                        token_type = "Bearer",
                        id_token = Token(),
                    }
                )
        );
    }

    private string Token()
    {
        var now = Now;
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Issuer,
            ["aud"] = ProviderProcess.ClientId,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 600,
            ["nonce"] = Nonce,
        };
        foreach (var (name, value) in Claims)
        {
            claims[name] = value;
        }

        var payload = JsonSerializer.Serialize(claims.Where(c => c.Value is not null).ToDictionary());
        var signs = SignsBy ?? new SigningCredentials(new ECDsaSecurityKey(Key) { KeyId = KeyId }, SecurityAlgorithms.EcdsaSha256);
        return Signs ? tokens.CreateToken(payload, signs) : tokens.CreateToken(payload);
    }

    /// <summary>The public key as the secret of a MAC: what a verifier that takes any algorithm falls for.</summary>
    public SigningCredentials PublicKeyAsSecret() =>
        new(
            new SymmetricSecurityKey(Encoding.ASCII.GetBytes(Key.ExportSubjectPublicKeyInfoPem())) { KeyId = KeyId },
            SecurityAlgorithms.HmacSha256
        );
}
