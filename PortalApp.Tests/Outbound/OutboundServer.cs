using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PortalApp.Outbound;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Outbound;

/// <summary>A server on loopback that a tenant's address leads to, well or badly behaved, and the portal's client for it.</summary>
public sealed class OutboundServer : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("outbound").FullName;
    private WebApplication server = null!;
    private string authority = "";

    /// <summary>Requests that arrived.</summary>
    public int Asked { get; private set; }

    public int Port { get; private set; }

    public int PlainPort { get; private set; }

    public async ValueTask InitializeAsync()
    {
        using var certificates = await TestCertificates.OpenOrCreateAsync(Path.Combine(Repository.Scratch, "certificates"));
        authority = certificates.AuthorityFile;
        var files = certificates.Issue(folder, "server", ["idp.example"], [IPAddress.Loopback]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                on => on.UseHttps(X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile))
            );
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        server = builder.Build();
        server.Use(
            (http, next) =>
            {
                Asked++;
                return next(http);
            }
        );
        server.MapGet("/short", () => "well");
        server.MapGet("/redirect", () => Results.Redirect("/short"));
        server.MapGet("/long", () => new string('a', OutboundServices.LongestAnswer + 1));
        server.MapGet("/endless", (HttpContext http) => WriteAsync(http, new string('a', 8192), TimeSpan.Zero));
        server.MapGet("/dripping", (HttpContext http) => WriteAsync(http, "a", TimeSpan.FromMilliseconds(50)));
        server.MapGet("/headers", (HttpContext http) => http.Response.Headers["X-Long"] = new string('a', 20_000));
        await server.StartAsync();
        var ports = server.Urls.Select(url => new Uri(url)).ToArray();
        (Port, PlainPort) = (ports.Single(u => u.Scheme == "https").Port, ports.Single(u => u.Scheme == "http").Port);
    }

    /// <summary>The portal's own, in a program of nothing else.</summary>
    /// <param name="resolved">What names lead to.</param>
    internal IHost Portal(ResolveHost? resolved = null, TimeSpan? longest = null, params string[] allowed)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration[$"{OutboundOptions.Section}:Ca"] = authority;
        for (var n = 0; n < allowed.Length; n++)
        {
            builder.Configuration[$"{OutboundOptions.Section}:Allowed:{n}"] = allowed[n];
        }

        if (resolved is not null)
        {
            builder.Services.AddSingleton(resolved);
        }

        builder.AddOutbound();
        if (longest is { } time)
        {
            builder.Services.AddHttpClient(OutboundServices.Client, http => http.Timeout = time);
        }

        return builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task WriteAsync(HttpContext http, string piece, TimeSpan wait)
    {
        var bytes = Encoding.ASCII.GetBytes(piece);
        while (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(wait, TimeProvider.System, http.RequestAborted);
        }
    }
}
