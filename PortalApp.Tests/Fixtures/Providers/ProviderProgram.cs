using System.Collections.Concurrent;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace PortalApp.Tests.Fixtures.Providers;

/// <summary>An OpenID Connect provider on loopback with a few accounts and one client, as a process of its own: <c>provider FILE</c>.</summary>
internal static class ProviderProgram
{
    private const string Authorize = "/connect/authorize";

    /// <summary>By its address, so that a browser takes it for another site than a portal on localhost.</summary>
    public static string AddressOf(int port) => $"https://127.0.0.1:{port}/";

    public static async Task<int> RunAsync(string settingsFile)
    {
        var setup = JsonSerializer.Deserialize<ProviderSetup>(await File.ReadAllTextAsync(settingsFile))!;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                setup.Port,
                on => on.UseHttps(X509Certificate2.CreateFromPemFile(setup.CertificateFile, setup.KeyFile))
            )
        );
        builder.Services.AddOpenIddict().AddServer(server => Serve(server, setup));
        await using var app = builder.Build();
        app.UseAuthentication();
        app.MapMethods(Authorize, ["GET", "POST"], (Delegate)((HttpContext http) => AskAsync(http, setup)));
        await app.RunAsync();
        return 0;
    }

    private static void Serve(OpenIddictServerBuilder server, ProviderSetup setup)
    {
        var spent = new ConcurrentDictionary<string, bool>();
        server.EnableDegradedMode();
        server.SetIssuer(new Uri(AddressOf(setup.Port)));
        server.SetAuthorizationEndpointUris(Authorize).SetTokenEndpointUris("/connect/token");
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.RegisterScopes(Scopes.Profile);
        server.AddSigningKey(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)));
        server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
        server.UseAspNetCore().EnableAuthorizationEndpointPassthrough();
        server.AddEventHandler<OpenIddictServerEvents.ValidateAuthorizationRequestContext>(handler =>
            handler.UseInlineHandler(asked =>
            {
                if (asked.ClientId != setup.ClientId || asked.RedirectUri != setup.Returned)
                {
                    asked.Reject(Errors.InvalidClient, "Another client.");
                }

                return default;
            })
        );
        server.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(handler =>
            handler.UseInlineHandler(asked =>
            {
                if (asked.ClientId != setup.ClientId || asked.ClientSecret != setup.ClientSecret)
                {
                    asked.Reject(Errors.InvalidClient, "Another client, or another secret.");
                }
                else if (!spent.TryAdd(asked.Request.Code ?? "", true))
                {
                    asked.Reject(Errors.InvalidGrant, "The code was redeemed before.");
                }

                return default;
            })
        );
        server.AddEventHandler<OpenIddictServerEvents.HandleTokenRequestContext>(handler => handler.UseInlineHandler(_ => default));
    }

    /// <summary>The form of the provider's page, and what it answers.</summary>
    private static async Task<IResult> AskAsync(HttpContext http, ProviderSetup setup)
    {
        var asked = http.GetOpenIddictServerRequest()!;
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : FormCollection.Empty;
        var account = setup.Accounts.SingleOrDefault(a => a.Name == form["user"] && form["password"] == ProviderAccount.Password);
        if (account is null)
        {
            var hidden = asked
                .GetParameters()
                .Select(p =>
                    $"<input type=\"hidden\" name=\"{WebUtility.HtmlEncode(p.Key)}\" value=\"{WebUtility.HtmlEncode((string?)p.Value)}\">"
                );
            return Results.Content(
                $"<!DOCTYPE html><html lang=\"en\"><title>The organisation's own page</title><h1>The organisation's own page</h1><form method=\"post\" action=\"{Authorize}\">"
                    + string.Concat(hidden)
                    + "<label>User <input name=\"user\"></label> <label>Password <input name=\"password\" type=\"password\"></label> <button>Sign in</button></form></html>",
                "text/html; charset=utf-8"
            );
        }

        var identity = new ClaimsIdentity("provider");
        identity.AddClaim(new Claim(Claims.Subject, account.Subject).SetDestinations(Destinations.IdentityToken));
        if (account.Upn is not null)
        {
            identity.AddClaim(new Claim("upn", account.Upn).SetDestinations(Destinations.IdentityToken));
        }

        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(asked.GetScopes());
        return Results.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
